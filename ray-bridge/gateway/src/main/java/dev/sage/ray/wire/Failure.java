package dev.sage.ray.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why something was not done.
 *
 * @param type the class of what was thrown, as its language names it; empty when nothing was
 * @param trace where it was thrown, as text; may be empty
 * @param thrown what a Java actor threw, a payload; empty when there is none, or it is not serializable
 */
@SuppressWarnings("ArrayRecordComponent")
public record Failure(Kind kind, String type, String message, String trace, byte[] thrown) {
    /** Who is at fault, and so what may be done about it. */
    public enum Kind {
        /** The user's code threw. */
        USER,
        /** The actor has no such method. */
        METHOD,
        /** The user's code could not be loaded, or its constructor threw. */
        START,
        /** An argument or an answer cannot cross. */
        VALUE,
        /** Its deadline had passed before its turn came; it was not executed. */
        EXPIRED,
        /** The actor died; whether the call was executed is not known. */
        ACTOR_DIED,
        /** There is no such actor, or no longer. */
        NO_ACTOR,
        /** It did not happen in time; it may still happen. */
        TIMEOUT,
        /** Too much waits already; nothing was done. */
        FULL,
        /** Ray itself failed. */
        RAY,
        /** The gateway is gone; whether the call was executed is not known. */
        GATEWAY_LOST
    }

    private static final byte[] NOTHING = new byte[0];

    public static Failure of(Kind kind, String message) {
        return new Failure(kind, "", message, "", NOTHING);
    }

    /** As an actor writes it. */
    static Failure read(Map<?, ?> fields) {
        return new Failure(
                Kind.valueOf(text(fields, "kind")),
                text(fields, "type"),
                text(fields, "message"),
                text(fields, "trace"),
                fields.get("thrown") instanceof byte[] thrown ? thrown : NOTHING);
    }

    private static String text(Map<?, ?> fields, String name) {
        @Nullable Object value = fields.get(name);
        return value instanceof String text ? text : "";
    }

    /** {@code type: message}, or what there is of it. */
    public String describe() {
        return type.isEmpty() ? message : message.isEmpty() ? type : type + ": " + message;
    }
}
