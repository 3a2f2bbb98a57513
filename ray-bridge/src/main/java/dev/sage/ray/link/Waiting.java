package dev.sage.ray.link;

import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests that have no answer yet, so many at most; all of them fail when the gateway is gone, and each when its time is
 * up. Times are those of {@link System#nanoTime}.
 */
final class Waiting {
    /** Of a request whose answer tells of its time itself. */
    private static final long NEVER = Long.MAX_VALUE;

    private final Map<Long, Asked> requests = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger count = new AtomicInteger();
    private final int most;
    private final Runnable sooner;
    private final long originNs = System.nanoTime();
    /** When {@link #expire} is due; since the origin. */
    private final AtomicLong nextNs = new AtomicLong(NEVER);

    private volatile @Nullable RayCallException gone;

    /** @param sooner is told that {@link #expire} is to be called before the time that it said last */
    Waiting(int most, Runnable sooner) {
        this.most = most;
        this.sooner = sooner;
    }

    record Entry(long number, CompletableFuture<Message.Answer> answer) {}

    /** @param untilNs since the origin */
    private record Asked(CompletableFuture<Message.Answer> answer, long untilNs, Supplier<RayCallException> late) {}

    /** @throws RayCallException when there are too many, or the gateway is gone */
    Entry add() {
        return add(NEVER, () -> new RayCallException(Kind.TIMEOUT, "never"));
    }

    /**
     * As {@link #add()}.
     *
     * @param late what it fails with after this time
     */
    Entry add(Duration within, Supplier<RayCallException> late) {
        return add(System.nanoTime() - originNs + within.toNanos(), late);
    }

    private Entry add(long untilNs, Supplier<RayCallException> late) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            throw new RayCallException(
                    Kind.FULL,
                    most + " requests to Ray have no answer yet, and no more are taken. Send fewer at once, or raise"
                            + " sage.ray.gateway.max-waiting-requests.");
        }
        Entry entry = new Entry(numbers.incrementAndGet(), new CompletableFuture<>());
        requests.put(entry.number(), new Asked(entry.answer(), untilNs, late));
        RayCallException cause = gone;
        if (cause != null) {
            remove(entry.number());
            throw cause;
        }
        if (untilNs < nextNs.getAndAccumulate(untilNs, Math::min)) {
            sooner.run();
        }
        return entry;
    }

    /**
     * Fails those whose time is up.
     *
     * @return milliseconds until it is to be called again; 0 when nothing waits for that
     */
    long expire() {
        long nowNs = System.nanoTime() - originNs;
        if (nowNs - nextNs.get() >= 0) {
            // Whoever comes from now on tells the time itself.
            nextNs.set(NEVER);
            requests.forEach((number, asked) -> {
                if (asked.untilNs() > nowNs) {
                    nextNs.accumulateAndGet(asked.untilNs(), Math::min);
                } else if (remove(number)) {
                    asked.answer().completeExceptionally(asked.late().get());
                }
            });
        }
        long left = nextNs.get();
        return left == NEVER ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(left - nowNs) + 1);
    }

    /** It was not sent. */
    boolean remove(long number) {
        boolean removed = requests.remove(number) != null;
        if (removed) {
            count.decrementAndGet();
        }
        return removed;
    }

    void answered(long number, Message.Answer answer) {
        Asked asked = requests.remove(number);
        if (asked != null) {
            count.decrementAndGet();
            if (answer instanceof Message.Failed failed) {
                asked.answer().completeExceptionally(new RayCallException(failed.failure()));
            } else {
                asked.answer().complete(answer);
            }
        }
    }

    void fail(RayCallException cause) {
        gone = cause;
        for (Long number : List.copyOf(requests.keySet())) {
            Asked asked = requests.remove(number);
            if (asked != null) {
                count.decrementAndGet();
                asked.answer().completeExceptionally(cause);
            }
        }
    }
}
