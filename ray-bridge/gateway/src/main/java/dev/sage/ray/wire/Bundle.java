package dev.sage.ray.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the same actor in one message, which begins them in their order as if each had come by itself: a byte
 * that no {@link Invocation} begins with, the number of the bundle (8 bytes, the highest first), that of the calls (4 bytes),
 * then the length (4 bytes) and the bytes of each. It is answered in the same form without the number, with -1 for the length
 * of an answer that was told before.
 *
 * @param number that is said with an answer that does not wait for the others
 * @param calls as {@link Invocation#written} gives them
 */
public record Bundle(long number, List<byte[]> calls) {
    /** Of the bytes that an answer is told in before the others: the bundle's number, the call's index, the length. */
    public static final int EARLY_HEAD_BYTES = Long.BYTES + Integer.BYTES + Integer.BYTES;

    /** In the place of an index: nothing but that the bundle takes long. */
    public static final int SLOW = -1;

    private static final byte MARK = 3;
    private static final int TOLD_BEFORE = -1;

    /** Whether these are the bytes of a bundle, or of the answers to one. */
    public static boolean is(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == MARK;
    }

    /** In one array. */
    public byte[] written() {
        ByteBuffer out = ByteBuffer.allocate(1 + Long.BYTES + length(calls));
        list(calls, out.put(MARK).putLong(number));
        return out.array();
    }

    /**
     * What {@link #written} gave.
     *
     * @throws EnvelopeException when these are not the bytes of a bundle
     */
    public static Bundle read(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
            long number = in.getLong();
            List<byte[]> calls = new ArrayList<>();
            for (byte @Nullable [] call : list(in)) {
                if (call == null) {
                    throw new EnvelopeException("a bundle without one of its calls");
                }
                calls.add(call);
            }
            return new Bundle(number, calls);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new EnvelopeException("no bundle of calls", e);
        }
    }

    /** The answers to a bundle, null for what was told before. */
    public static byte[] answered(List<byte @Nullable []> answers) {
        ByteBuffer out = ByteBuffer.allocate(1 + length(answers));
        list(answers, out.put(MARK));
        return out.array();
    }

    /**
     * What {@link #answered} gave.
     *
     * @throws EnvelopeException when these are not the bytes of answers
     */
    public static List<byte @Nullable []> answers(byte[] bytes) {
        try {
            return list(ByteBuffer.wrap(bytes, 1, bytes.length - 1));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new EnvelopeException("no answers to a bundle of calls", e);
        }
    }

    /** An answer that is told before the others. */
    public static byte[] early(long number, int index, byte[] answer) {
        return ByteBuffer.allocate(EARLY_HEAD_BYTES + answer.length)
                .putLong(number)
                .putInt(index)
                .putInt(answer.length)
                .put(answer)
                .array();
    }

    private static int length(List<byte @Nullable []> parts) {
        int length = Integer.BYTES;
        for (byte @Nullable [] part : parts) {
            length += Integer.BYTES + (part == null ? 0 : part.length);
        }
        return length;
    }

    private static void list(List<byte @Nullable []> parts, ByteBuffer out) {
        out.putInt(parts.size());
        for (byte @Nullable [] part : parts) {
            if (part == null) {
                out.putInt(TOLD_BEFORE);
            } else {
                out.putInt(part.length).put(part);
            }
        }
    }

    private static List<byte @Nullable []> list(ByteBuffer in) {
        int size = in.getInt();
        if (size < 0 || size > in.remaining()) {
            throw new IndexOutOfBoundsException(size);
        }
        List<byte @Nullable []> parts = new ArrayList<>(size);
        for (int index = 0; index < size; index++) {
            int length = in.getInt();
            if (length < TOLD_BEFORE || length > in.remaining()) {
                throw new IndexOutOfBoundsException(length);
            }
            byte @Nullable [] part = null;
            if (length != TOLD_BEFORE) {
                part = new byte[length];
                in.get(part);
            }
            parts.add(part);
        }
        return parts;
    }
}
