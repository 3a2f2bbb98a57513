package dev.sage.ray.wire;

/** How a payload is written; its first byte tells. */
public enum Codec {
    /** {@link Envelope}: Java and Python read it. */
    VALUES(1),
    /** {@link JavaObjects}: between Java and Java. */
    JAVA(2);

    private final byte mark;

    Codec(int mark) {
        this.mark = (byte) mark;
    }

    byte mark() {
        return mark;
    }

    byte[] prefix() {
        return new byte[] {mark};
    }

    /**
     * The one that a payload is written in.
     *
     * @throws EnvelopeException when it is none of these
     */
    public static Codec of(byte[] payload) {
        for (Codec codec : values()) {
            if (payload.length > 0 && payload[0] == codec.mark) {
                return codec;
            }
        }
        throw new EnvelopeException(
                payload.length == 0 ? "no bytes" : "a payload of codec " + payload[0] + ", which is not known here");
    }

    void require(byte[] payload) {
        if (of(payload) != this) {
            throw new EnvelopeException("a payload of codec " + of(payload) + " where one of " + this + " is expected");
        }
    }
}
