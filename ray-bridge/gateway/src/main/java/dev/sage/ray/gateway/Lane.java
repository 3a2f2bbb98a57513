package dev.sage.ray.gateway;

import dev.sage.ray.wire.Message;
import io.ray.api.ObjectRef;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the answers of one actor. Ray tells of an answer only to a thread that waits for it. An actor begins its calls
 * in order, as many at once as it was made for; so that many threads, each at the oldest call that has none, miss no answer
 * that is there, however many calls wait behind. An actor without calls holds no thread.
 */
final class Lane {
    private final String actor;
    private final Executor threads;
    private final int collectors;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private int collecting;

    /** @param concurrency how many calls the actor runs at once */
    Lane(String actor, Executor threads, int concurrency) {
        this.actor = actor;
        this.threads = threads;
        this.collectors = concurrency;
    }

    private record Pending(ObjectRef<byte[]> answer, Consumer<Message.Answer> receiver) {}

    /** In the order in which the calls were made. */
    void add(ObjectRef<byte[]> answer, Consumer<Message.Answer> receiver) {
        synchronized (this) {
            pending.add(new Pending(answer, receiver));
            if (collecting == collectors) {
                return;
            }
            collecting++;
        }
        threads.execute(this::collect);
    }

    /** Whether the actor has as many calls without an answer as it runs at once. */
    synchronized boolean isFull() {
        return collecting == collectors;
    }

    private void collect() {
        for (Pending next = next(); next != null; next = next()) {
            next.receiver().accept(answer(next.answer()));
        }
    }

    private synchronized @Nullable Pending next() {
        Pending next = pending.poll();
        if (next == null) {
            collecting--;
        }
        return next;
    }

    private Message.Answer answer(ObjectRef<byte[]> answer) {
        try {
            return new Message.Done(answer.get());
        } catch (Throwable e) {
            return new Message.Failed(RayErrors.failure(actor, e));
        }
    }
}
