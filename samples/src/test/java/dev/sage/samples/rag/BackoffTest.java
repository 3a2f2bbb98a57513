package dev.sage.samples.rag;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final List<Duration> pauses = new ArrayList<>();
    private final Backoff backoff = new Backoff(pauses::add);

    @Test
    void eachPauseIsTwiceTheOneBeforeAndUpToHalfAsMuchOnTop() throws InterruptedException {
        for (int attempt = 1; attempt <= 3; attempt++) {
            backoff.beforeRetry(attempt, Duration.ZERO);
        }

        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(500), Duration.ofMillis(750));
        assertThat(pauses.get(1)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_500));
        assertThat(pauses.get(2)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
    }

    @Test
    void aServerGetsWhatItAsksForWithinBounds() throws InterruptedException {
        backoff.beforeRetry(1, Duration.ofSeconds(9));
        backoff.beforeRetry(1, Duration.ofHours(1));

        assertThat(pauses.get(0)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
        assertThat(pauses.get(1)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void onlySecondsAreUnderstoodInTheHeader() {
        assertThat(Backoff.retryAfter(Optional.of(" 12 "))).isEqualTo(Duration.ofSeconds(12));
        assertThat(Backoff.retryAfter(Optional.of("Wed, 21 Oct 2026 07:28:00 GMT")))
                .isZero();
        assertThat(Backoff.retryAfter(Optional.empty())).isZero();
    }
}
