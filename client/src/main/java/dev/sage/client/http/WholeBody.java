package dev.sage.client.http;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that does not end before its announced length. */
final class WholeBody extends FilterInputStream {
    private long left;

    WholeBody(InputStream in, long length) {
        super(in);
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        count(b < 0 ? -1 : 1);
        return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        count(count);
        return count;
    }

    private void count(int read) throws EOFException {
        if (read >= 0) {
            left -= read;
        } else if (left > 0) {
            throw new EOFException("the answer broke off, " + left + " bytes before its end");
        }
    }

    /** Would go uncounted. */
    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 8192)).length;
    }
}
