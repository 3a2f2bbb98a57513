package dev.sage.node.http;

import dev.sage.node.job.Jobs.Following;
import dev.sage.node.job.Jobs.Listener;
import dev.sage.node.job.Jobs.Numbered;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;

/**
 * One stream of server-sent events: hears from the jobs, writes to a client. The jobs' listener may block, so a full buffer
 * makes it wait; a client for which it would wait too long loses its stream, and resumes it by the number of its last event.
 * It is over, for the jobs too, as soon as the last event is written, the client has gone, or the node ends.
 */
final class EventStream<T> implements Listener<T> {
    private static final ByteString KEEP_ALIVE = ByteString.fromString(": keep-alive\n\n");
    private static final ByteString END = ByteString.fromString("event: end\ndata: {}\n\n");

    private final Function<T, String> type;
    private final HttpSettings settings;
    private final Runnable onOver;
    private final CompletableFuture<SourceQueueWithComplete<ByteString>> queue = new CompletableFuture<>();
    private final CompletableFuture<Following> following = new CompletableFuture<>();
    private final CompletableFuture<Done> over = new CompletableFuture<>();

    /**
     * A stream that nobody reads yet.
     *
     * @param type the name of an event
     * @param onOver called once
     */
    EventStream(Function<T, String> type, HttpSettings settings, Runnable onOver) {
        this.type = type;
        this.settings = settings;
        this.onOver = onOver;
    }

    /** Completed when nothing will be written any more. */
    CompletableFuture<Done> over() {
        return over;
    }

    /** What this is fed by; ended at once when the stream is already over. */
    void follows(Following source) {
        following.complete(source);
    }

    /** For one reader. */
    Source<ByteString, NotUsed> source() {
        return Source.<ByteString>queue(settings.streamBuffer(), OverflowStrategy.backpressure())
                .mapMaterializedValue(made -> {
                    queue.complete(made);
                    // In place: Scala's stages would take a new thread on a machine of two cores.
                    var unused = made.watchCompletion().whenCompleteAsync((done, failure) -> close(), Runnable::run);
                    return NotUsed.getInstance();
                })
                .keepAlive(settings.keepAlive(), () -> KEEP_ALIVE);
    }

    @Override
    public void next(Numbered<T> value) {
        try {
            if (!offer(frame(value))) {
                close();
            }
        } catch (ExecutionException | TimeoutException e) {
            close();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
        }
    }

    private boolean offer(ByteString frame) throws ExecutionException, InterruptedException, TimeoutException {
        Duration within = settings.slowReaderWithin();
        QueueOfferResult result = queue.get(within.toNanos(), TimeUnit.NANOSECONDS)
                .offer(frame)
                .toCompletableFuture()
                .get(within.toNanos(), TimeUnit.NANOSECONDS);
        return result == QueueOfferResult.enqueued();
    }

    /** What waits in the buffer is still written, and that nothing follows: a stream that only breaks off is resumed. */
    @Override
    public void end() {
        try {
            offer(END);
        } catch (ExecutionException | TimeoutException e) {
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var unused = queue.thenAccept(SourceQueueWithComplete::complete);
    }

    /**
     * Ends the stream, but not before its client was told an end that has happened: who is cut off before asks again, and
     * finds the node gone.
     */
    CompletableFuture<Done> finish() {
        // One that has just been asked for knows in a moment whether it has an end to tell.
        var unused = following.thenAccept(source -> {
            if (!source.isEnding()) {
                close();
            }
        });
        return over;
    }

    /** Ends the stream on both sides; more than once does nothing. */
    void close() {
        if (over.complete(Done.getInstance())) {
            onOver.run();
            var unusedEnd = queue.thenAccept(SourceQueueWithComplete::complete);
            var unusedClose = following.thenAccept(Following::close);
        }
    }

    private ByteString frame(Numbered<T> numbered) {
        T value = Objects.requireNonNull(numbered.value());
        String data = new String(Json.bytes(value), StandardCharsets.UTF_8);
        return ByteString.fromString(
                "id: " + numbered.number() + "\nevent: " + type.apply(value) + "\ndata: " + data + "\n\n");
    }
}
