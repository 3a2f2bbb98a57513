package dev.sage.node.http;

import dev.sage.node.job.Jobs.Following;
import dev.sage.node.job.Jobs.Listener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** The open streams of server-sent events, of which there are only so many. */
final class Streams {
    private final HttpSettings settings;
    private final Semaphore free;
    private final Set<EventStream<?>> open = ConcurrentHashMap.newKeySet();

    Streams(HttpSettings settings) {
        this.settings = settings;
        free = new Semaphore(settings.streams());
    }

    int open() {
        return open.size();
    }

    /**
     * An answer that streams what a source of the jobs tells, until the client goes away.
     *
     * @param start begins to tell the listener
     */
    <T> CompletionStage<HttpResponse> answer(
            Call call, Function<T, String> type, Function<Listener<T>, CompletionStage<Following>> start) {
        if (!free.tryAcquire()) {
            throw Refusal.STREAMS.because(
                    "All " + settings.streams() + " streams of events are in use.",
                    "Try again later, or raise sage.node.http.streams.",
                    RawHeader.create("Retry-After", "1"));
        }
        EventStream<T> stream = register(type);
        CompletionStage<Following> started;
        try {
            started = start.apply(stream);
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
        return started.handle((following, failure) -> {
            if (failure != null) {
                stream.close();
                throw new java.util.concurrent.CompletionException(failure);
            }
            stream.follows(following);
            // Either, so that a connection that lives on does not hold all streams that it ever had.
            var unused = CompletableFuture.anyOf(call.gone().toCompletableFuture(), stream.over())
                    .thenRun(stream::close);
            return HttpResponse.create().withEntity(HttpEntities.createChunked(Replies.EVENTS, stream.source()));
        });
    }

    private <T> EventStream<T> register(Function<T, String> type) {
        Slot slot = new Slot();
        EventStream<T> stream = new EventStream<>(type, settings, slot::giveBack);
        slot.stream = stream;
        open.add(stream);
        return stream;
    }

    /** Frees the place of its stream. */
    private final class Slot {
        private @org.jspecify.annotations.Nullable EventStream<?> stream;

        void giveBack() {
            if (stream != null) {
                open.remove(stream);
            }
            free.release();
        }
    }

    /**
     * Ends all streams, so that their connections can be closed.
     *
     * @param within how long those may take that have an end to tell
     */
    CompletionStage<Void> finishAll(Duration within) {
        List<EventStream<?>> streams = List.copyOf(open);
        return CompletableFuture.allOf(streams.stream().map(EventStream::finish).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, within.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> streams.forEach(EventStream::close));
    }
}
