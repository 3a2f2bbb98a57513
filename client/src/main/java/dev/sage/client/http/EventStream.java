package dev.sage.client.http;

import dev.sage.api.SageException;
import dev.sage.client.http.EventSource.Lines;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream of server-sent events that survives broken connections and restarts of the node. Each event is told once, in
 * order, on one daemon thread; a connection on which nothing was heard for {@link HttpTimes#silence} counts as broken.
 */
public final class EventStream implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

    /** Hears a stream: one call at a time. One that throws is logged and not called again. */
    public interface Listener {
        void event(ServerSentEvent event);

        /** Asked after each event: whether nothing more is wanted. */
        default boolean enough() {
            return false;
        }

        /**
         * The node ended the stream, and not because it broke.
         *
         * @return whether there is no more; if not, the stream is asked for again
         */
        default boolean ended() {
            return true;
        }

        /** The connection broke, or the node could not be reached, and that is tried again. */
        default void broken(SageException trouble) {}

        /** The node has said that nothing follows. The last call. */
        default void finished() {
            ended();
        }

        /** The node refuses, or could not be reached for {@link HttpTimes#giveUp}. The last call. */
        default void failed(SageException failure) {}
    }

    /** The type of the event after which nothing follows; a stream that ends without it may have been cut. */
    private static final String END = "end";

    private static final int END_FOLLOWS_WITHIN_MS = 100;

    private final EventSource source;
    private final Listener listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile @Nullable EventConnection connection;
    private long number;
    private long heardNanos = System.nanoTime();
    private int failures;
    private volatile boolean over;

    private EventStream(EventSource source, long after, Listener listener) {
        this.source = source;
        this.number = after;
        this.listener = listener;
    }

    static EventStream start(EventSource source, long after, String name, Listener listener) {
        EventStream stream = new EventStream(source, after, listener);
        Thread thread = new Thread(stream::run, name);
        thread.setDaemon(true);
        thread.start();
        return stream;
    }

    /** Completed when no call of the listener is left or will come. */
    public CompletableFuture<Void> done() {
        return done.copy();
    }

    /** Ends the stream soon, from any thread; does not wait for a call that runs. */
    @Override
    public void close() {
        closed.countDown();
        EventConnection open = connection;
        if (open != null) {
            open.close();
        }
    }

    private void run() {
        try {
            while (!over && !isClosed()) {
                Optional<SageException> trouble = attempt();
                if (trouble.isPresent() && !isClosed()) {
                    retryOrFail(trouble.get());
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException broken) {
            log.warn("A listener of {} threw, and is not called again", source.path(), broken);
        } finally {
            close();
            done.complete(null);
        }
    }

    private Optional<SageException> attempt() {
        try {
            return follow();
        } catch (NodeProblemException refused) {
            return Optional.of(refused);
        } catch (NodeUnreachableException noNode) {
            return Optional.of(noNode);
        } catch (IOException broken) {
            return Optional.of(Refusals.unconnected(source.address(), source.times(), broken));
        } finally {
            EventConnection open = connection;
            if (open != null) {
                open.close();
            }
        }
    }

    /** On a connection of another stream, if there is one and the node has not closed it meanwhile. */
    private @Nullable Lines reopen() throws IOException {
        Optional<EventConnection> kept = source.idle().take();
        if (kept.isEmpty()) {
            return null;
        }
        connection = kept.get();
        try {
            return source.open(kept.get(), number);
        } catch (NodeProblemException refused) {
            throw refused;
        } catch (IOException | NodeUnreachableException closedByNode) {
            kept.get().close();
            return null;
        }
    }

    private Lines open() throws IOException {
        Lines again = reopen();
        if (again != null) {
            return again;
        }
        EventConnection made = new EventConnection(source.times());
        connection = made;
        if (isClosed()) {
            throw new IOException("closed");
        }
        made.connect(source.address());
        try {
            return source.open(made, number);
        } catch (IOException broken) {
            throw brokenOff(broken);
        }
    }

    private NodeUnreachableException brokenOff(IOException broken) {
        return new NodeUnreachableException(
                "The stream " + source.path() + " from the node at " + source.address() + " broke off: "
                        + (broken instanceof SocketTimeoutException
                                ? "nothing was heard for "
                                        + source.times().silence().toMillis() + " ms"
                                : broken.getMessage())
                        + ".",
                false,
                broken);
    }

    private Optional<SageException> follow() throws IOException {
        Lines lines = open();
        heard();
        try {
            EventParser parser = new EventParser();
            for (String line = lines.next(); line != null; line = lines.next()) {
                heard();
                Optional<ServerSentEvent> event = parser.line(line);
                if (event.isEmpty() || isClosed()) {
                    continue;
                }
                if (event.get().type().equals(END)) {
                    over = true;
                    listener.finished();
                } else {
                    tell(event.get());
                }
                if (over) {
                    done.complete(null);
                    giveBack(lines);
                    return Optional.empty();
                }
            }
        } catch (IOException broken) {
            return Optional.of(brokenOff(broken));
        }
        if (isClosed() || listener.ended()) {
            over = true;
            return Optional.empty();
        }
        return Optional.of(new NodeUnreachableException(
                "The node at " + source.address() + " ended the stream " + source.path() + " too early.", false, null));
    }

    private void tell(ServerSentEvent event) {
        if (event.number() > 0) {
            number = event.number();
        }
        failures = 0;
        listener.event(event);
        heard();
        if (listener.enough()) {
            over = true;
        }
    }

    /** The end of a stream follows its last event at once; what goes on is cut off. */
    private void giveBack(Lines lines) {
        EventConnection open = connection;
        if (open == null || isClosed()) {
            return;
        }
        try {
            open.hurry(END_FOLLOWS_WITHIN_MS);
            if (lines.readToEnd()) {
                connection = null;
                source.idle().give(open);
            }
        } catch (IOException goesOn) {
            // It is closed by who opened it.
        }
    }

    private void heard() {
        heardNanos = System.nanoTime();
    }

    private void retryOrFail(SageException trouble) throws InterruptedException {
        boolean passing = !(trouble instanceof NodeProblemException refused) || refused.isPassing();
        Duration silent = Duration.ofNanos(System.nanoTime() - heardNanos);
        if (!passing || silent.compareTo(source.times().giveUp()) > 0) {
            over = true;
            listener.failed(passing ? givenUp(trouble) : trouble);
            return;
        }
        failures++;
        listener.broken(trouble);
        if (failures == 1) {
            log.info(
                    "{} Trying again, for at most {} s.",
                    trouble.getMessage(),
                    source.times().giveUp().toSeconds());
        }
        closed.await(Backoff.pauseMillis(failures, ThreadLocalRandom.current().nextDouble()), TimeUnit.MILLISECONDS);
    }

    private NodeUnreachableException givenUp(SageException last) {
        return new NodeUnreachableException(
                "The node at " + source.address() + " could not be reached for "
                        + source.times().giveUp().toSeconds() + " s, given up: " + last.getMessage(),
                false,
                last);
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }
}
