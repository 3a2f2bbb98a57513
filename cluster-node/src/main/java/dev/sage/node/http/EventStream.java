package dev.sage.node.http;

import dev.sage.node.job.Jobs.Following;
import dev.sage.node.job.Jobs.Listener;
import dev.sage.node.job.Jobs.Numbered;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
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
    private final Frames frames;
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
        frames = new Frames(settings.streamBuffer());
        // On the thread of the stream, as closing is quick.
        var unused = frames.over().thenRun(this::close);
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
        return Source.fromGraph(frames).keepAlive(settings.keepAlive(), () -> KEEP_ALIVE);
    }

    @Override
    public void next(Numbered<T> value) {
        if (!offer(frame(value))) {
            close();
        }
    }

    /** What waits in the buffer is still written, and that nothing follows: a stream that only breaks off is resumed. */
    @Override
    public void end() {
        if (!offer(END)) {
            close();
        }
        frames.complete();
    }

    private boolean offer(ByteString frame) {
        try {
            return frames.offer(frame, settings.slowReaderWithin());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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
            frames.complete();
            var unusedClose = following.thenAccept(Following::close);
        }
    }

    private ByteString frame(Numbered<T> numbered) {
        T value = Objects.requireNonNull(numbered.value());
        byte[] head = ("id: " + numbered.number() + "\nevent: " + type.apply(value) + "\ndata: ")
                .getBytes(StandardCharsets.UTF_8);
        byte[] data = Json.bytes(value);
        byte[] frame = Arrays.copyOf(head, head.length + data.length + 2);
        System.arraycopy(data, 0, frame, head.length, data.length);
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        return ByteString.fromArrayUnsafe(frame);
    }
}
