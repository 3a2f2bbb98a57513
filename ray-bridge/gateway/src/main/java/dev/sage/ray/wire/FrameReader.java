package dev.sage.ray.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Frames from a channel, that may be blocking or not. Not for several threads. */
public final class FrameReader {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LENGTH_BYTES = 4;

    private final ReadableByteChannel channel;
    private final int maxBytes;
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
    /** A frame that the buffer cannot hold. */
    private @Nullable ByteBuffer large;

    private byte[] largeBytes = new byte[0];

    /**
     * Reads nothing yet.
     *
     * @param maxBytes of one frame
     */
    public FrameReader(ReadableByteChannel channel, int maxBytes) {
        this.channel = channel;
        this.maxBytes = maxBytes;
    }

    /**
     * Reads once, and hands over the frames that are complete, of which there may be none.
     *
     * @return false at the end of the channel
     * @throws IOException also when what was read is no frame, or too large a one; the channel is of no use then
     */
    public boolean read(Consumer<Frame> frames) throws IOException {
        ByteBuffer target = large == null ? buffer : large;
        if (channel.read(target) < 0) {
            if (large != null || buffer.position() > 0) {
                throw new EOFException("the other side ended in the middle of a frame");
            }
            return false;
        }
        if (large != null) {
            if (!large.hasRemaining()) {
                byte[] whole = largeBytes;
                large = null;
                largeBytes = new byte[0];
                frames.accept(Frame.read(whole, 0, whole.length));
            }
            return true;
        }
        buffer.flip();
        while (large == null && buffer.remaining() >= LENGTH_BYTES && hasFrame(frames)) {}
        buffer.compact();
        return true;
    }

    private boolean hasFrame(Consumer<Frame> frames) throws IOException {
        int length = buffer.getInt(buffer.position());
        if (length < Long.BYTES + 1 || length > maxBytes) {
            throw new IOException(
                    "a frame of " + length + " bytes, where " + (Long.BYTES + 1) + " to " + maxBytes + " are allowed");
        }
        if (buffer.remaining() - LENGTH_BYTES >= length) {
            int start = buffer.position() + LENGTH_BYTES;
            buffer.position(start + length);
            frames.accept(Frame.read(bytes, start, length));
            return true;
        }
        if (length > BUFFER_BYTES - LENGTH_BYTES) {
            buffer.position(buffer.position() + LENGTH_BYTES);
            largeBytes = new byte[length];
            large = ByteBuffer.wrap(largeBytes).put(buffer);
        }
        return false;
    }
}
