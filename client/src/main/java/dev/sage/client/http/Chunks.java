package dev.sage.client.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body in the chunked transfer coding. It ends well only with its last chunk: a broken connection is an exception. */
final class Chunks extends InputStream {
    private static final int MAX_LINE = 4096;

    private final InputStream in;
    private long left;
    private boolean first = true;
    private boolean ended;

    Chunks(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        if (!ready()) {
            return -1;
        }
        left--;
        return need();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!ready()) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw broken();
        }
        left -= count;
        return count;
    }

    /** After the end: whether nothing else follows, so that the next answer may. Blocks until that is seen. */
    boolean isWhole() throws IOException {
        return ended && line().isEmpty();
    }

    private boolean ready() throws IOException {
        if (left == 0 && !ended) {
            if (!first) {
                line();
            }
            first = false;
            String size = line().split(";", 2)[0].strip();
            try {
                left = Long.parseUnsignedLong(size, 16);
            } catch (NumberFormatException malformed) {
                throw new IOException("a chunk with the size '" + size + "'", malformed);
            }
            ended = left == 0;
        }
        return !ended;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = need(); b != '\n'; b = need()) {
            if (line.length() == MAX_LINE) {
                throw new IOException("a chunk's head of more than " + MAX_LINE + " bytes");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    private int need() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw broken();
        }
        return b;
    }

    private static EOFException broken() {
        return new EOFException("the connection was closed in the middle of the stream");
    }
}
