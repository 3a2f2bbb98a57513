package dev.sage.ray.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.Message;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicInteger told = new AtomicInteger();
    private final Waiting waiting = new Waiting(10, told::incrementAndGet);

    private CompletableFuture<Message.Answer> ask(Duration within) {
        return waiting.add(within, () -> new RayCallException(Kind.TIMEOUT, "late"))
                .answer();
    }

    private void asked(Duration within) {
        assertThat(ask(within)).isNotDone();
    }

    @Test
    void whatHasNoTimeIsNeverLookedFor() {
        assertThat(waiting.add().answer()).isNotDone();
        assertThat(told).hasValue(0);
        assertThat(waiting.expire()).isZero();
    }

    @Test
    void aRequestFailsWhenItsTimeIsUpAndOthersGoOnWaiting() {
        CompletableFuture<Message.Answer> patient = ask(LONG);
        CompletableFuture<Message.Answer> late = ask(Duration.ofMillis(1));
        await().until(() -> {
            waiting.expire();
            return late.isDone();
        });
        assertThatThrownBy(late::join).hasRootCauseMessage("late");
        assertThat(patient).isNotDone();
        assertThat(waiting.expire()).isBetween(50_000L, 60_001L);
    }

    @Test
    void onlyATimeBeforeAllOthersIsTold() {
        asked(LONG);
        assertThat(told).hasValue(1);
        asked(LONG.multipliedBy(2));
        asked(LONG.plusSeconds(1));
        assertThat(told).hasValue(1);
        asked(Duration.ofSeconds(1));
        assertThat(told).hasValue(2);
        assertThat(waiting.expire()).isBetween(1L, 1_001L);
    }

    @Test
    void thePlaceOfOneWhoseTimeIsUpIsFreeAgain() {
        for (int i = 0; i < 10; i++) {
            asked(Duration.ZERO);
        }
        assertThatThrownBy(() -> ask(LONG)).hasMessageContaining("10 requests to Ray have no answer yet");
        waiting.expire();
        assertThat(ask(LONG)).isNotDone();
    }
}
