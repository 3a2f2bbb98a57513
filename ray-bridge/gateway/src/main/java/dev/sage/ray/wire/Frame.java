package dev.sage.ray.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A message on its way: the number of bytes that follow (4 bytes, the highest first), the number of the request (8 bytes),
 * the message.
 *
 * @param request the number of a request and of its answer; 0 for what nobody asked for
 */
public record Frame(long request, Message message) {
    private static final int LENGTH_BYTES = 4;

    /**
     * What is to be written, in this order; a payload is not copied.
     *
     * @throws FrameTooLargeException when it has more bytes than the other side reads
     */
    public ByteBuffer[] written(int maxBytes) {
        ByteArrayOutputStream head = new ByteArrayOutputStream(128);
        byte[] tail = MessageCodec.tail(message);
        try (DataOutputStream out = new DataOutputStream(head)) {
            out.writeInt(0);
            out.writeLong(request);
            MessageCodec.write(message, out);
        } catch (IOException inMemory) {
            throw new IllegalStateException(inMemory);
        }
        long length = (long) head.size() - LENGTH_BYTES + tail.length;
        if (length > maxBytes) {
            throw new FrameTooLargeException(length, maxBytes);
        }
        ByteBuffer bytes = ByteBuffer.wrap(head.toByteArray()).putInt(0, (int) length);
        return tail.length == 0 ? new ByteBuffer[] {bytes} : new ByteBuffer[] {bytes, ByteBuffer.wrap(tail)};
    }

    /** All but the length. */
    static Frame read(byte[] bytes, int offset, int length) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, offset, length))) {
            return new Frame(in.readLong(), MessageCodec.read(in));
        } catch (IllegalArgumentException unknownName) {
            throw new IOException("no message: " + unknownName.getMessage(), unknownName);
        }
    }
}
