package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingThreadsTest {
    private final BlockingThreads threads = BlockingThreads.create("test");
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void end() throws InterruptedException {
        threads.close();
        threads.close();
        assertThat(threads.awaitEnd(PlainJob.LIMIT)).isTrue();
    }

    @Test
    void aCallRunsOnANamedThreadOfItsOwn() throws Exception {
        assertThat(get(threads.submit(() -> Thread.currentThread().getName()))).startsWith("sage-test-blocking-");
    }

    @Test
    void whatTheCallThrewIsItsResult() {
        IOException thrown = new IOException("no");
        BlockingCall<String> call = threads.submit(() -> {
            throw thrown;
        });

        assertThatThrownBy(() -> get(call))
                .isInstanceOf(ExecutionException.class)
                .hasCause(thrown);
    }

    @Test
    void anInterruptEndsAWaitingCallEvenBeforeItRuns() {
        BlockingCall<Boolean> call = threads.submit(() -> never.await(1, TimeUnit.HOURS));
        call.interrupt();

        assertThatThrownBy(() -> get(call)).hasCauseInstanceOf(InterruptedException.class);
        assertThat(call.hasEnded()).isTrue();
    }

    @Test
    void anInterruptIsDeferredInASectionEvenOneThatCameBefore() throws Exception {
        BlockingCall<String> call = threads.submit(() -> {
            reached.countDown();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            UninterruptibleSection.enter();
            UninterruptibleSection.enter();
            UninterruptibleSection.exit();
            boolean inside = Thread.currentThread().isInterrupted();
            UninterruptibleSection.exit();
            return inside + " " + Thread.interrupted();
        });
        reached.await();
        call.interrupt();

        assertThat(get(call)).isEqualTo("false true");
    }

    @Test
    void aSectionOnAnyOtherThreadDoesNothing() {
        Thread.currentThread().interrupt();
        UninterruptibleSection.enter();
        UninterruptibleSection.exit();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theEndInterruptsWhatRunsAndTakesNothingMore() throws Exception {
        BlockingCall<Boolean> call = threads.submit(() -> {
            reached.countDown();
            return never.await(1, TimeUnit.HOURS);
        });
        reached.await();
        threads.close();

        assertThatThrownBy(() -> get(call)).hasCauseInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> threads.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
    }

    private static <T> T get(BlockingCall<T> call) throws Exception {
        return call.result().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
