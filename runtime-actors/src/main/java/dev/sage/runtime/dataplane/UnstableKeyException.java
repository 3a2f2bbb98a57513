package dev.sage.runtime.dataplane;

/** A key, or a part of one, has no hash that is the same in every JVM. */
final class UnstableKeyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final String WAY_OUT = " A key must be a number, a boolean, a character, a string, an enum, a UUID,"
            + " a date or time, an Optional or a list of these, or a record made of these. Return such a key from the"
            + " keyBy function, for example a record of the properties that matter.";

    private final boolean ofTheType;

    private UnstableKeyException(String message, boolean ofTheType) {
        super(message);
        this.ofTheType = ofTheType;
    }

    static UnstableKeyException nullKey() {
        return new UnstableKeyException("the key of a record is null." + WAY_OUT, false);
    }

    static UnstableKeyException ofType(Class<?> type) {
        return new UnstableKeyException(
                "a key contains a " + type.getTypeName() + ", whose hash is not the same in every JVM." + WAY_OUT,
                true);
    }

    /** Whether the type cannot be a key, and not this one value of it. */
    boolean isOfTheType() {
        return ofTheType;
    }
}
