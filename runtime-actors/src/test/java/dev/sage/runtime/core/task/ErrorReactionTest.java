package dev.sage.runtime.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.ErrorPolicy;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ErrorReactionTest {
    private static final Duration BACKOFF = Duration.ofMillis(10);

    @Test
    void withoutAPolicyTheJobFails() {
        assertThat(ErrorReaction.of(ErrorPolicy.fail(), 1)).isEqualTo(new ErrorReaction.Fail());
    }

    @Test
    void skipAndDeadLetterApplyAtTheFirstFailure() {
        assertThat(ErrorReaction.of(ErrorPolicy.skip(), 1)).isEqualTo(new ErrorReaction.Skip());
        assertThat(ErrorReaction.of(ErrorPolicy.deadLetter(letter -> {}), 1)).isEqualTo(new ErrorReaction.PutAside());
    }

    @Test
    void eachRetryWaitsTwiceAsLongAsTheOneBefore() {
        ErrorPolicy policy = ErrorPolicy.retry(3, BACKOFF);
        assertThat(ErrorReaction.of(policy, 1)).isEqualTo(new ErrorReaction.Retry(BACKOFF));
        assertThat(ErrorReaction.of(policy, 2)).isEqualTo(new ErrorReaction.Retry(BACKOFF.multipliedBy(2)));
        assertThat(ErrorReaction.of(policy, 3)).isEqualTo(new ErrorReaction.Retry(BACKOFF.multipliedBy(4)));
    }

    @Test
    void theBackoffHasABound() {
        ErrorPolicy policy = ErrorPolicy.retry(Integer.MAX_VALUE, Duration.ofSeconds(1));
        assertThat(ErrorReaction.of(policy, 1_000_000)).isEqualTo(new ErrorReaction.Retry(ErrorPolicy.LONGEST_BACKOFF));
        assertThat(ErrorReaction.of(ErrorPolicy.retry(Integer.MAX_VALUE, Duration.ZERO), Integer.MAX_VALUE))
                .isEqualTo(new ErrorReaction.Retry(Duration.ZERO));
    }

    @Test
    void whatFollowsTheLastRetryIsDeclared() {
        ErrorPolicy.Retry policy = ErrorPolicy.retry(1, BACKOFF);
        assertThat(ErrorReaction.of(policy, 2)).isEqualTo(new ErrorReaction.Fail());
        assertThat(ErrorReaction.of(policy.orSkip(), 2)).isEqualTo(new ErrorReaction.Skip());
        assertThat(ErrorReaction.of(policy.orDeadLetter(letter -> {}), 2)).isEqualTo(new ErrorReaction.PutAside());
    }

    @Test
    void errorsAndInterruptsConcernMoreThanTheRecord() {
        assertThat(ErrorReaction.concernsTheRecord(new IOException())).isTrue();
        assertThat(ErrorReaction.concernsTheRecord(null)).isTrue();
        assertThat(ErrorReaction.concernsTheRecord(new OutOfMemoryError())).isFalse();
        assertThat(ErrorReaction.concernsTheRecord(new StackOverflowError())).isFalse();
        assertThat(ErrorReaction.concernsTheRecord(new InterruptedException())).isFalse();
    }
}
