package dev.sage.runtime.feed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** All that one listener has still to hear. Takes everything; whoever adds is asked to wait while it is long. */
final class Backlog<E> {
    private final int limit;
    private final Deque<E> waiting = new ArrayDeque<>();
    private CompletableFuture<Void> room = CompletableFuture.completedFuture(null);

    Backlog(int limit) {
        this.limit = limit;
    }

    synchronized void add(E news) {
        waiting.add(news);
        if (waiting.size() >= limit && room.isDone()) {
            room = new CompletableFuture<>();
        }
    }

    /** Null when there is nothing at the moment. */
    synchronized @Nullable E next() {
        E first = waiting.poll();
        if (waiting.size() < limit) {
            room.complete(null);
        }
        return first;
    }

    /** Done while there is room for more. */
    synchronized CompletableFuture<Void> room() {
        return room;
    }

    /** Nobody needs to wait any more. */
    synchronized void lift() {
        room.complete(null);
    }
}
