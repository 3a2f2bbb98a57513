package dev.sage.node.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;

/** The open connections, so that each can be ended when its answer is sent: Pekko resets those that it ends itself. */
final class Connections {
    private final Map<Object, Runnable> open = new HashMap<>();
    private final CompletableFuture<Done> noneLeft = new CompletableFuture<>();
    private boolean ending;

    /** @param end begins the connection's end; does not wait for it, and may be called more than once */
    void opened(Object connection, Runnable end) {
        boolean tooLate;
        synchronized (this) {
            open.put(connection, end);
            tooLate = ending;
        }
        if (tooLate) {
            end.run();
        }
    }

    void closed(Object connection) {
        boolean last;
        synchronized (this) {
            open.remove(connection);
            last = ending && open.isEmpty();
        }
        if (last) {
            noneLeft.complete(Done.getInstance());
        }
    }

    /** Ends all, and those that still come; completed when there is none. */
    CompletableFuture<Done> endAll() {
        List<Runnable> ends;
        synchronized (this) {
            ending = true;
            ends = new ArrayList<>(open.values());
        }
        if (ends.isEmpty()) {
            noneLeft.complete(Done.getInstance());
        }
        ends.forEach(Runnable::run);
        return noneLeft.copy();
    }
}
