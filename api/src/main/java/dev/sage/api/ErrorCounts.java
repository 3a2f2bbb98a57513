package dev.sage.api;

/**
 * What {@link ErrorPolicy error policies} did with records, and with keys at the end of a stream.
 *
 * @param skipped what was dropped
 * @param retried attempts after the first one
 * @param deadLettered what was given to a dead-letter sink
 */
public record ErrorCounts(long skipped, long retried, long deadLettered) {
    public static final ErrorCounts NONE = new ErrorCounts(0, 0, 0);

    /** Both together. */
    public ErrorCounts plus(ErrorCounts other) {
        return new ErrorCounts(skipped + other.skipped, retried + other.retried, deadLettered + other.deadLettered);
    }
}
