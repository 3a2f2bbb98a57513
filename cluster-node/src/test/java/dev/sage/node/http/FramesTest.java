package dev.sage.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);

    private static ActorSystem<Void> system;

    private final Frames frames = new Frames(3);

    @BeforeAll
    static void start() {
        system = ActorSystem.create(Behaviors.empty(), "frames");
    }

    @AfterAll
    static void stop() {
        system.terminate();
        get(system.getWhenTerminated());
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private boolean offer(String text, Duration within) throws InterruptedException {
        return frames.offer(ByteString.fromString(text), within);
    }

    private List<String> readAll() {
        return get(Source.fromGraph(frames).map(ByteString::utf8String).runWith(Sink.seq(), system));
    }

    @Test
    void aReaderTakesAllThatWaitsAtOnceAndThenHearsTheEnd() throws Exception {
        offer("a", LONG);
        offer("b", LONG);
        offer("c", LONG);
        frames.complete();

        assertThat(readAll()).containsExactly("abc");
        get(frames.over());
    }

    @Test
    void aReaderThatWaitsIsToldOfEachFrameAndOfTheEnd() throws Exception {
        SinkQueueWithCancel<ByteString> reader = Source.fromGraph(frames).runWith(Sink.<ByteString>queue(), system);
        for (String text : List.of("a", "b")) {
            var next = reader.pull();
            assertThat(offer(text, LONG)).isTrue();
            assertThat(get(next))
                    .hasValueSatisfying(bytes -> assertThat(bytes.utf8String()).isEqualTo(text));
        }
        var last = reader.pull();
        frames.complete();

        assertThat(get(last)).isEmpty();
    }

    @Test
    void whoOffersWaitsForRoomAndNoLongerThanItMay() throws Exception {
        for (String text : List.of("a", "b", "c")) {
            assertThat(offer(text, LONG)).isTrue();
        }
        assertThat(offer("too late", SHORT)).isFalse();

        CompletableFuture<Boolean> waiting = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                waiting.complete(offer("d", LONG.multipliedBy(3)));
                frames.complete();
            } catch (InterruptedException e) {
                waiting.completeExceptionally(e);
            }
        });
        thread.start();
        await().atMost(LONG).until(() -> thread.getState() == Thread.State.TIMED_WAITING);

        assertThat(String.join("", readAll())).isEqualTo("abcd");
        assertThat(get(waiting)).isTrue();
        thread.join();
    }

    @Test
    void nothingIsTakenForAReaderThatHasGone() throws Exception {
        Source.fromGraph(frames).runWith(Sink.cancelled(), system);
        get(frames.over());

        assertThat(offer("a", LONG)).isFalse();
    }
}
