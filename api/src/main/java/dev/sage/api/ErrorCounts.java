package dev.sage.api;

/**
 * What {@link ErrorPolicy error policies} did.
 *
 * @param skipped records that were dropped
 * @param retried attempts after the first one
 * @param deadLettered records that were given to a dead-letter sink
 */
public record ErrorCounts(long skipped, long retried, long deadLettered) {
    public static final ErrorCounts NONE = new ErrorCounts(0, 0, 0);

    public ErrorCounts plus(ErrorCounts other) {
        return new ErrorCounts(skipped + other.skipped, retried + other.retried, deadLettered + other.deadLettered);
    }
}
