package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An interrupt of a call hits that call, and never what its thread does next. Here all calls are on the test's thread. */
@Timeout(60)
class BlockingCallTest {
    @AfterEach
    void leaveNoInterruptBehind() {
        Thread.interrupted();
    }

    @Test
    void anInterruptThatComesLateDoesNotHitTheNextCallOfTheThread() {
        BlockingCall<?> first = ran(call -> {});
        AtomicReference<Boolean> hit = new AtomicReference<>();

        ran(second -> {
            first.interrupt();
            hit.set(Thread.currentThread().isInterrupted());
        });

        assertThat(hit).hasValue(false);
    }

    @Test
    void anInterruptThatComesLateDoesNotHitTheThreadBetweenCalls() {
        ran(call -> {}).interrupt();

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anInterruptThatTheCallHasNotNoticedEndsWithIt() {
        CompletableFuture<Boolean> seenByTheNext = new CompletableFuture<>();

        ran(call -> {
            call.result()
                    .whenComplete((done, failure) ->
                            seenByTheNext.complete(Thread.currentThread().isInterrupted()));
            call.interrupt();
        });

        assertThat(seenByTheNext).isCompletedWithValue(false);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anInterruptThatAThrowingCallHasNotNoticedEndsWithIt() {
        BlockingCall<?> call = ran(self -> {
            self.interrupt();
            throw new IllegalStateException("broken");
        });

        assertThat(call.result().toCompletableFuture()).isCompletedExceptionally();
        assertThat(Thread.interrupted()).isFalse();
    }

    /** A call that has run; its body is given the call itself. */
    private static BlockingCall<?> ran(Consumer<BlockingCall<?>> body) {
        AtomicReference<BlockingCall<?>> self = new AtomicReference<>();
        BlockingCall<Boolean> call = new BlockingCall<>(() -> {
            body.accept(self.get());
            return true;
        });
        self.set(call);
        call.run();
        return call;
    }
}
