package dev.sage.runtime.dataplane;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines that begin in a range of a file, from a large buffer, one range after another. Not on a file channel:
 * an interrupt would close that.
 *
 * <p>Where quotes count, a line ends only outside of them: as a quote within quotes is doubled, that is where their number
 * is even. So rows of CSV are told apart without being understood.
 */
final class LineReader implements Closeable {
    private static final int BUFFER_BYTES = 1 << 18;

    private final int maxLineBytes;
    private final boolean quotes;
    private boolean quoted;
    private @Nullable RandomAccessFile file;
    private FileRange range = new FileRange(Path.of(""), 0, 0, 0);
    private byte[] buffer = {};
    /** The offset in the file of the buffer's first byte. */
    private long base;
    /** Where the next line begins in the buffer. */
    private int start;
    /** Where the bytes in the buffer end. */
    private int end;

    private long lineOffset;

    LineReader(int maxLineBytes) {
        this(maxLineBytes, false);
    }

    /** @param quotes whether line ends within quotes belong to the line; then ranges must be whole files */
    LineReader(int maxLineBytes, boolean quotes) {
        this.maxLineBytes = maxLineBytes;
        this.quotes = quotes;
    }

    /** Goes on with a range. */
    void open(FileRange next) throws IOException {
        close();
        range = next;
        // A line begins where the one before it has ended: with the byte before, an end of a line there is seen.
        base = Math.max(range.from() - 1, 0);
        start = 0;
        end = 0;
        RandomAccessFile opened = new RandomAccessFile(range.file().toFile(), "r");
        file = opened;
        opened.seek(base);
        if (range.from() > 0) {
            skipLine();
        }
    }

    /** The next line without its end; null after the last one of the range. */
    @Nullable
    String next() throws IOException {
        if (base + start >= range.to()) {
            return null;
        }
        int scanned = start;
        quoted = false;
        while (true) {
            int newline = quotes ? rowEnd(scanned) : newline(scanned);
            if (newline >= 0) {
                int lineEnd = newline > start && buffer[newline - 1] == '\r' ? newline - 1 : newline;
                return line(lineEnd, newline + 1);
            }
            // One byte more than allowed may be the \r of the line's end.
            checkLength(end - start - 1);
            scanned = end - start;
            if (!fill()) {
                return start == end ? null : line(end, end);
            }
            scanned += start;
        }
    }

    Path file() {
        return range.file();
    }

    /** Where the line that was read last begins in its file. */
    long lineOffset() {
        return lineOffset;
    }

    /** How much of the range lies before the next line. */
    long bytesRead() {
        return Math.min(base + start, range.to()) - range.from();
    }

    @Override
    public void close() throws IOException {
        RandomAccessFile opened = file;
        file = null;
        if (opened != null) {
            opened.close();
        }
    }

    private String line(int lineEnd, int nextStart) throws IOException {
        checkLength(lineEnd - start);
        lineOffset = base + start;
        String line = new String(buffer, start, lineEnd - start, StandardCharsets.UTF_8);
        start = nextStart;
        return line;
    }

    private void skipLine() throws IOException {
        while (true) {
            int newline = newline(start);
            if (newline >= 0) {
                start = newline + 1;
                return;
            }
            start = end;
            if (base + start >= range.to() || !fill()) {
                return;
            }
        }
    }

    private int newline(int from) {
        byte[] bytes = buffer;
        int to = end;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private int rowEnd(int from) {
        for (int i = from; i < end; i++) {
            if (buffer[i] == '"') {
                quoted = !quoted;
            } else if (buffer[i] == '\n' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    /** Moves what is left to the front and reads on; false at the end of the file. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        base += start;
        end -= start;
        start = 0;
        long left = range.size() - base - end;
        if (left <= 0 || file == null) {
            return false;
        }
        long wanted = Math.min(Math.max(BUFFER_BYTES, 2L * end), end + left);
        if (buffer.length < wanted) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
        }
        int read = file.read(buffer, end, (int) Math.min(buffer.length - end, left));
        end += Math.max(read, 0);
        return read > 0;
    }

    private void checkLength(int lineBytes) throws IOException {
        if (lineBytes > maxLineBytes) {
            throw new IOException(range.file() + ": the " + (quotes ? "row" : "line") + " at offset " + (base + start)
                    + " is longer than " + maxLineBytes + " bytes (sage.source.max-line-bytes). Maybe "
                    + (quoted ? "a quote in it is never closed." : "it is not a text file."));
        }
    }
}
