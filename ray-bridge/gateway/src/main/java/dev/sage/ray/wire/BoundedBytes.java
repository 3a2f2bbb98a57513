package dev.sage.ray.wire;

import java.io.ByteArrayOutputStream;

/** What is written up to a bound; the first byte beyond it is refused, so that no more memory is spent on it. */
final class BoundedBytes extends ByteArrayOutputStream {
    private final int most;

    BoundedBytes(int most) {
        this.most = most;
    }

    /** There is no room for what is to be written. */
    static final class Full extends RuntimeException {
        private static final long serialVersionUID = 1;

        Full() {
            super("full", null, false, false);
        }
    }

    @Override
    public synchronized void write(int one) {
        require(1);
        super.write(one);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        require(length);
        super.write(bytes, offset, length);
    }

    private void require(int more) {
        if (count + (long) more > most) {
            throw new Full();
        }
    }
}
