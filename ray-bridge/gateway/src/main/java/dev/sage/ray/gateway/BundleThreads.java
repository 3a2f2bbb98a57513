package dev.sage.ray.gateway;

import dev.sage.ray.wire.Bundle;
import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The calls of an actor that runs several at once, in the actor. An answer that would wait for a slow call of its bundle, or
 * that is large, is told at once.
 */
final class BundleThreads {
    private static final byte[] NOTHING = {};
    private static final long IDLE_SECONDS = 60;

    private final ThreadPoolExecutor threads;
    private final EarlyAnswers early;

    /** @param most calls that run at once */
    BundleThreads(EarlyAnswers early, int most) {
        this.early = early;
        this.threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "sage-call");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Answer(int index, byte[] bytes) {}

    /** Those that were not told before, as {@link Bundle#answered} gives them. Blocks until all calls are carried out. */
    byte[] run(Bundle bundle, UnaryOperator<byte[]> carriedOut) {
        BlockingQueue<Answer> done = new LinkedBlockingQueue<>();
        int calls = bundle.calls().size();
        for (int index = 0; index < calls; index++) {
            int own = index;
            threads.execute(() -> done.add(new Answer(own, answer(bundle.calls().get(own), carriedOut))));
        }
        List<byte @Nullable []> answers = new ArrayList<>(Collections.nCopies(calls, null));
        try {
            gather(bundle, done, answers);
        } catch (InterruptedException byUserCode) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The thread that waits for calls was interrupted.", byUserCode);
        }
        return Bundle.answered(answers);
    }

    /** Whoever waits for it gets one. */
    private static byte[] answer(byte[] call, UnaryOperator<byte[]> carriedOut) {
        try {
            return carriedOut.apply(call);
        } catch (Throwable e) {
            return new Reply.Failed(JavaFailures.of(Failure.Kind.USER, e)).written();
        }
    }

    private void gather(Bundle bundle, BlockingQueue<Answer> done, List<byte @Nullable []> answers)
            throws InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BundleAnswers.PATIENCE_MILLIS);
        long heldBytes = 0;
        boolean slow = false;
        for (int left = answers.size(); left > 0; left--) {
            Answer next = slow ? null : done.poll(untilNs - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                slow = slow || isSlow(bundle, answers);
                next = done.take();
            }
            heldBytes += next.bytes().length;
            boolean now = slow || heldBytes > BundleAnswers.HELD_BYTES;
            if (!now || !early.tell(bundle.number(), next.index(), next.bytes())) {
                answers.set(next.index(), next.bytes());
            }
        }
    }

    /** Tells that, and what there is. */
    private boolean isSlow(Bundle bundle, List<byte @Nullable []> answers) {
        boolean slow = early.tell(bundle.number(), Bundle.SLOW, NOTHING);
        for (int index = 0; slow && index < answers.size(); index++) {
            byte[] answer = answers.get(index);
            if (answer != null && early.tell(bundle.number(), index, answer)) {
                answers.set(index, null);
            }
        }
        return slow;
    }
}
