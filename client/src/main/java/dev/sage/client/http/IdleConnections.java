package dev.sage.client.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Connections to one node on which a stream has ended and the next may begin: to make one costs the node more than a short
 * stream. Few, and not for long, as the node closes idle ones.
 */
final class IdleConnections implements AutoCloseable {
    private static final int MOST = 8;
    private static final long KEPT_NS = TimeUnit.SECONDS.toNanos(5);

    private record Idle(EventConnection connection, long sinceNs) {}

    private final Deque<Idle> idle = new ArrayDeque<>();
    private boolean closed;

    /** The one that was used last, if that is not long ago. */
    synchronized Optional<EventConnection> take() {
        closeOld();
        return Optional.ofNullable(idle.pollLast()).map(Idle::connection);
    }

    /** Keeps one whose answer was read to its end, or closes it. */
    synchronized void give(EventConnection connection) {
        closeOld();
        if (closed || idle.size() == MOST) {
            connection.close();
        } else {
            idle.addLast(new Idle(connection, System.nanoTime()));
        }
    }

    synchronized int size() {
        return idle.size();
    }

    private void closeOld() {
        while (!idle.isEmpty() && System.nanoTime() - idle.getFirst().sinceNs() > KEPT_NS) {
            idle.removeFirst().connection().close();
        }
    }

    /** Those that come back later are closed as well. */
    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(kept -> kept.connection().close());
        idle.clear();
    }
}
