package dev.sage.ray.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A call as an actor gets it: its kind (1 byte), the deadline in milliseconds since 1970 (8 bytes, the highest first; 0 for
 * none), the length of the method's name (2 bytes) and the name, then the payload. In one array, as Ray hands over bytes at
 * once and looks at anything else.
 *
 * @param deadlineEpochMillis after which it is not begun any more
 * @param payload a list of arguments, or of records
 */
@SuppressWarnings("ArrayRecordComponent")
public record Invocation(Kind kind, String method, long deadlineEpochMillis, byte[] payload) {
    private static final int FIXED_BYTES = 11;

    /** What the payload is. */
    public enum Kind {
        /** The arguments of one call. */
        ONE(0),
        /** Records, each of which is the only argument of a call. */
        EACH(1),
        /** Lists of arguments, each of a call. */
        EACH_SPREAD(2);

        private final byte mark;

        Kind(int mark) {
            this.mark = (byte) mark;
        }

        private static Kind of(byte mark) {
            for (Kind kind : values()) {
                if (kind.mark == mark) {
                    return kind;
                }
            }
            throw new EnvelopeException("a call of kind " + mark + ", which is not known here");
        }
    }

    /** In one array. */
    public byte[] written() {
        byte[] name = method.getBytes(StandardCharsets.UTF_8);
        if (name.length > Short.MAX_VALUE) {
            throw new EnvelopeException("a method's name of " + name.length + " bytes");
        }
        return ByteBuffer.allocate(FIXED_BYTES + name.length + payload.length)
                .put(kind.mark)
                .putLong(deadlineEpochMillis)
                .putShort((short) name.length)
                .put(name)
                .put(payload)
                .array();
    }

    /**
     * What {@link #written} gave.
     *
     * @throws EnvelopeException when these are not the bytes of a call
     */
    public static Invocation read(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            Kind kind = Kind.of(in.get());
            long deadlineEpochMillis = in.getLong();
            byte[] name = new byte[in.getShort()];
            in.get(name);
            byte[] payload = new byte[in.remaining()];
            in.get(payload);
            return new Invocation(kind, new String(name, StandardCharsets.UTF_8), deadlineEpochMillis, payload);
        } catch (RuntimeException e) {
            throw new EnvelopeException("no call", e);
        }
    }
}
