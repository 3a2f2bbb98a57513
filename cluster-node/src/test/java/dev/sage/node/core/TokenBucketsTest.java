package dev.sage.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TokenBucketsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void aBurstIsLetThroughAndThenOnlyTheRate() {
        TokenBuckets buckets = new TokenBuckets(2, 3, 10);

        for (int i = 0; i < 3; i++) {
            assertThat(buckets.take("a", 0)).isZero();
        }
        assertThat(buckets.take("a", 0)).isEqualTo(SECOND / 2);
        assertThat(buckets.take("a", SECOND / 2)).isZero();
        assertThat(buckets.take("a", SECOND / 2)).isPositive();
    }

    @Test
    void aLongPauseGivesNoMoreThanABurst() {
        TokenBuckets buckets = new TokenBuckets(2, 2, 10);
        assertThat(buckets.take("a", 0)).isZero();

        assertThat(buckets.take("a", 1_000 * SECOND)).isZero();
        assertThat(buckets.take("a", 1_000 * SECOND)).isZero();
        assertThat(buckets.take("a", 1_000 * SECOND)).isPositive();
    }

    @Test
    void clientsDoNotTakeFromEachOther() {
        TokenBuckets buckets = new TokenBuckets(1, 1, 10);

        assertThat(buckets.take("a", 0)).isZero();
        assertThat(buckets.take("b", 0)).isZero();
        assertThat(buckets.take("a", 0)).isPositive();
    }

    @Test
    void theOneNotHeardOfForTheLongestTimeIsForgottenFirst() {
        TokenBuckets buckets = new TokenBuckets(1, 1, 2);
        buckets.take("a", 0);
        buckets.take("b", 0);
        buckets.take("a", 0);
        buckets.take("c", 0);

        assertThat(buckets.take("a", 0)).isPositive();
        assertThat(buckets.take("b", 0)).isZero();
    }
}
