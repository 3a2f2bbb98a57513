package dev.sage.ray.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What an actor answers to a call: one byte that tells which of these it is, then a payload. The gateway hands it on
 * unread.
 */
public sealed interface Reply {
    /**
     * It was done.
     *
     * @param payload what the method returned, or a list of that for a batch
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Value(byte[] payload) implements Reply {}

    /** It was not, or the user's code threw. */
    record Failed(Failure failure) implements Reply {}

    /** Some records of a batch failed, and all were tried. */
    record Partial(List<Reply> replies) implements Reply {}

    byte VALUE = 0;
    byte FAILED = 1;
    byte PARTIAL = 2;

    /** As the gateway and a Java actor write it. */
    default byte[] written() {
        if (this instanceof Value value) {
            return marked(VALUE, value.payload());
        }
        if (this instanceof Failed failed) {
            return marked(FAILED, Envelope.write(failed.failure()));
        }
        return marked(
                PARTIAL,
                Envelope.write(
                        ((Partial) this).replies().stream().map(Reply::written).toList()));
    }

    private static byte[] marked(byte mark, byte[] payload) {
        byte[] bytes = new byte[payload.length + 1];
        bytes[0] = mark;
        System.arraycopy(payload, 0, bytes, 1, payload.length);
        return bytes;
    }

    /**
     * What an actor has written.
     *
     * @throws EnvelopeException when these are not the bytes of a reply
     */
    static Reply read(byte[] bytes) {
        byte[] payload = bytes.length == 0 ? bytes : Arrays.copyOfRange(bytes, 1, bytes.length);
        return switch (bytes.length == 0 ? -1 : bytes[0]) {
            case VALUE -> new Value(payload);
            case FAILED -> new Failed(Failure.read((Map<?, ?>) fields(payload, Map.class)));
            case PARTIAL -> {
                List<Reply> replies = new ArrayList<>();
                for (Object each : fields(payload, List.class)) {
                    if (!(each instanceof byte[] reply)) {
                        throw new EnvelopeException("no reply of a batch");
                    }
                    replies.add(read(reply));
                }
                yield new Partial(replies);
            }
            default -> throw new EnvelopeException("no reply of an actor");
        };
    }

    private static <T> T fields(byte[] payload, Class<T> type) {
        Object value = Envelope.read(payload);
        if (!type.isInstance(value)) {
            throw new EnvelopeException("no reply of an actor");
        }
        return type.cast(value);
    }
}
