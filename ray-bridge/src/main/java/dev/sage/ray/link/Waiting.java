package dev.sage.ray.link;

import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Requests that have no answer yet, so many at most; all of them fail when the gateway is gone. */
final class Waiting {
    private final Map<Long, CompletableFuture<Message.Answer>> requests = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger count = new AtomicInteger();
    private final int most;
    private volatile @Nullable RayCallException gone;

    Waiting(int most) {
        this.most = most;
    }

    record Entry(long number, CompletableFuture<Message.Answer> answer) {}

    /** @throws RayCallException when there are too many, or the gateway is gone */
    Entry add() {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            throw new RayCallException(
                    Kind.FULL,
                    most + " requests to Ray have no answer yet, and no more are taken. Send fewer at once, or raise"
                            + " sage.ray.gateway.max-waiting-requests.");
        }
        Entry entry = new Entry(numbers.incrementAndGet(), new CompletableFuture<>());
        requests.put(entry.number(), entry.answer());
        RayCallException cause = gone;
        if (cause != null) {
            remove(entry.number());
            throw cause;
        }
        return entry;
    }

    /** It was not sent. */
    void remove(long number) {
        if (requests.remove(number) != null) {
            count.decrementAndGet();
        }
    }

    void answered(long number, Message.Answer answer) {
        CompletableFuture<Message.Answer> waiting = requests.remove(number);
        if (waiting != null) {
            count.decrementAndGet();
            if (answer instanceof Message.Failed failed) {
                waiting.completeExceptionally(new RayCallException(failed.failure()));
            } else {
                waiting.complete(answer);
            }
        }
    }

    void fail(RayCallException cause) {
        gone = cause;
        for (Long number : List.copyOf(requests.keySet())) {
            CompletableFuture<Message.Answer> waiting = requests.remove(number);
            if (waiting != null) {
                count.decrementAndGet();
                waiting.completeExceptionally(cause);
            }
        }
    }
}
