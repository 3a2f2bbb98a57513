package dev.sage.runtime.core.task;

import dev.sage.api.ErrorPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an operator does about a record for which its function has thrown, see {@link ErrorPolicy}. */
public sealed interface ErrorReaction {
    record Fail() implements ErrorReaction {}

    record Skip() implements ErrorReaction {}

    /** Gives the record to the dead-letter sink. */
    record PutAside() implements ErrorReaction {}

    record Retry(Duration after) implements ErrorReaction {}

    /**
     * Decides by the policy alone.
     *
     * @param failures how often the record has failed by now, 1 or more
     */
    static ErrorReaction of(ErrorPolicy policy, int failures) {
        if (policy instanceof ErrorPolicy.Retry retry) {
            return failures <= retry.times()
                    ? new Retry(backoff(retry.backoff(), failures))
                    : of(retry.then(), failures);
        }
        if (policy instanceof ErrorPolicy.Skip) {
            return new Skip();
        }
        return policy instanceof ErrorPolicy.ToSink ? new PutAside() : new Fail();
    }

    /** Whether a policy may apply: another record would not fare better with what the JVM or a stop has thrown. */
    static boolean concernsTheRecord(@Nullable Throwable cause) {
        return !(cause instanceof Error || cause instanceof InterruptedException);
    }

    private static Duration backoff(Duration first, int failures) {
        Duration backoff = first;
        for (int i = 1; i < failures && backoff.compareTo(ErrorPolicy.LONGEST_BACKOFF) < 0 && !backoff.isZero(); i++) {
            backoff = backoff.multipliedBy(2);
        }
        return backoff.compareTo(ErrorPolicy.LONGEST_BACKOFF) > 0 ? ErrorPolicy.LONGEST_BACKOFF : backoff;
    }
}
