package dev.sage.ray.gateway;

import dev.sage.ray.wire.Bundle;
import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Reply;
import java.io.IOException;
import java.net.Socket;
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
 * that is large, is told at once, by the lifeline.
 */
final class BundleThreads {
    private static final byte[] NOTHING = {};
    private static final long IDLE_SECONDS = 60;

    private final ThreadPoolExecutor threads;
    private final @Nullable Socket lifeline;
    private volatile boolean broken;

    /** @param most calls that run at once */
    BundleThreads(@Nullable Socket lifeline, int most) {
        this.lifeline = lifeline;
        this.broken = lifeline == null;
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
            if (!now || !told(bundle.number(), next.index(), next.bytes())) {
                answers.set(next.index(), next.bytes());
            }
        }
    }

    /** Tells that, and what there is. */
    private boolean isSlow(Bundle bundle, List<byte @Nullable []> answers) {
        boolean slow = told(bundle.number(), Bundle.SLOW, NOTHING);
        for (int index = 0; slow && index < answers.size(); index++) {
            byte[] answer = answers.get(index);
            if (answer != null && told(bundle.number(), index, answer)) {
                answers.set(index, null);
            }
        }
        return slow;
    }

    /** False when it is to go with the others. */
    private synchronized boolean told(long bundle, int index, byte[] answer) {
        if (lifeline == null || broken) {
            return false;
        }
        try {
            lifeline.getOutputStream().write(Bundle.early(bundle, index, answer));
            return true;
        } catch (IOException gone) {
            broken = true;
            return false;
        }
    }
}
