package dev.sage.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import dev.sage.api.SageException;
import dev.sage.client.http.FakeNode.Answer;
import dev.sage.client.http.FakeNode.Then;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static final HttpTimes TIMES =
            new HttpTimes(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(60));
    private static final List<String> WORDS = List.of("eins", "zwei\ndata: ½", "дрей", "四", "5");

    @Test
    void eachEventIsToldOnceAndInOrderWhereverTheConnectionBreaks() throws Exception {
        Map<String, AtomicInteger> connections = new ConcurrentHashMap<>();
        int length = whole(0).bytes().length;
        try (FakeNode node = new FakeNode(request -> {
            boolean first = connections
                            .computeIfAbsent(request.path(), path -> new AtomicInteger())
                            .getAndIncrement()
                    == 0;
            Answer rest = whole(request.after());
            return first ? rest.cut(Integer.parseInt(request.path().substring(1))) : rest;
        })) {
            for (int from = 0; from < length; from += 100) {
                List<Heard> heard = new ArrayList<>();
                for (int cut = from; cut < Math.min(from + 100, length); cut++) {
                    heard.add(follow(http(node, TIMES), "/" + cut, new Heard()));
                }
                for (Heard one : heard) {
                    one.stream.done().get(60, TimeUnit.SECONDS);
                    assertThat(one.texts()).containsExactly("eins", "zwei\n½", "дрей", "四", "5");
                    assertThat(one.failures).isEmpty();
                }
            }
        }
    }

    @Test
    void aNodeThatIsStartedAnewIsHeardAgainFromWhereItWentAway() throws Exception {
        try (FakeNode node = new FakeNode(request -> request.after() == 0
                ? FakeNode.events(List.of(FakeNode.frame(1, "a", "one")), false)
                : whole(request.after()))) {
            Heard heard = follow(http(node, TIMES), "/", new Heard());
            await().until(() -> heard.texts().equals(List.of("one")));

            node.goAway();
            await().untilAsserted(() -> assertThat(node.requests()).hasSize(1));
            node.comeBack();

            heard.stream.done().get(30, TimeUnit.SECONDS);
            assertThat(heard.texts()).containsExactly("one", "zwei\n½", "дрей", "四", "5");
        }
    }

    @Test
    void aConnectionOnWhichNothingIsHeardIsMadeAnew() throws Exception {
        HttpTimes impatient = new HttpTimes(TIMES.connect(), TIMES.answer(), Duration.ofMillis(200), TIMES.giveUp());
        try (FakeNode node = new FakeNode(request -> request.after() == 0
                ? FakeNode.events(List.of(FakeNode.frame(1, "a", "one")), false)
                : whole(request.after()))) {
            Heard heard = follow(http(node, impatient), "/", new Heard());

            heard.stream.done().get(30, TimeUnit.SECONDS);
            assertThat(heard.texts()).hasSize(5);
        }
    }

    @Test
    void aStreamThatEndsTooEarlyIsAskedForAgain() throws Exception {
        try (FakeNode node = new FakeNode(request ->
                request.after() == 0 ? FakeNode.events(List.of(FakeNode.frame(1, "a", "one")), true) : whole(1))) {
            Heard heard = new Heard();
            heard.until = 5;
            follow(http(node, TIMES), "/", heard);

            heard.stream.done().get(30, TimeUnit.SECONDS);
            assertThat(heard.texts()).hasSize(5);
        }
    }

    @Test
    void whatTheNodeRefusesIsNotTriedAgain() throws Exception {
        try (FakeNode node = new FakeNode(request -> FakeNode.problem(404, "job.unknown", "There is no job x."))) {
            Heard heard = follow(http(node, TIMES), "/", new Heard());

            heard.stream.done().get(30, TimeUnit.SECONDS);
            assertThat(heard.failures).hasSize(1);
            assertThat(heard.failures.get(0).code()).isEqualTo("job.unknown");
            assertThat(node.requests()).hasSize(1);
        }
    }

    @Test
    void theConnectionOfAStreamThatHasEndedServesTheNext() throws Exception {
        try (FakeNode node = new FakeNode(request -> ended().then(Then.READ_ON));
                NodeHttp http = http(node, TIMES)) {
            for (int i = 1; i <= 3; i++) {
                Heard heard = new Heard();
                // One that knows its last event needs no word of the node that nothing follows.
                heard.enoughAt = i == 2 ? 1 : 0;
                follow(http, "/" + i, heard).stream.done().get(10, TimeUnit.SECONDS);
                assertThat(heard.texts()).containsExactly("one");
                await().until(http::idleConnections, is(1));
            }
            assertThat(node.requests()).hasSize(3);
            assertThat(node.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatTheNodeHasClosedMeanwhileIsMadeAnewWithoutAWord() throws Exception {
        try (FakeNode node = new FakeNode(request -> ended());
                NodeHttp http = http(node, TIMES)) {
            for (int i = 1; i <= 2; i++) {
                Heard heard = follow(http, "/" + i, new Heard());
                heard.stream.done().get(10, TimeUnit.SECONDS);
                assertThat(heard.texts()).containsExactly("one");
                assertThat(heard.failures).isEmpty();
                await().until(http::idleConnections, is(1));
            }
            assertThat(node.accepted()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionWhoseStreamGoesOnIsClosed() throws Exception {
        try (FakeNode node = new FakeNode(request -> FakeNode.events(List.of(FakeNode.frame(1, "a", "one")), false));
                NodeHttp http = http(node, TIMES)) {
            Heard heard = new Heard();
            heard.enoughAt = 1;
            follow(http, "/", heard).stream.done().get(10, TimeUnit.SECONDS);
            assertThat(http.idleConnections()).isZero();
        }
    }

    private static Answer ended() {
        return FakeNode.events(List.of(FakeNode.frame(1, "a", "one"), "event: end\ndata: {}\n\n"), true);
    }

    @Test
    void aNodeThatStaysAwayIsGivenUpInBoundedTime() throws Exception {
        HttpTimes shortly = new HttpTimes(TIMES.connect(), TIMES.answer(), TIMES.silence(), Duration.ofMillis(300));
        int free;
        try (ServerSocket taken = new ServerSocket(0)) {
            free = taken.getLocalPort();
        }
        NodeHttp http = new NodeHttp(new NodeAddress("127.0.0.1", free), Optional.empty(), shortly);

        Heard heard = follow(http, "/", new Heard());

        heard.stream.done().get(10, TimeUnit.SECONDS);
        assertThat(heard.failures).hasSize(1);
        assertThat(heard.failures.get(0)).hasMessageContaining("given up").hasMessageContaining("" + free);
    }

    @Test
    void closingEndsAStreamAtOnceThatHearsNothing() throws Exception {
        try (FakeNode node = new FakeNode(request -> FakeNode.events(List.of(FakeNode.frame(1, "a", "one")), false))) {
            Heard heard = follow(http(node, TIMES), "/", new Heard());
            await().until(() -> !heard.events.isEmpty());

            heard.stream.close();

            heard.stream.done().get(5, TimeUnit.SECONDS);
            assertThat(heard.failures).isEmpty();
        }
    }

    @Test
    void aListenerThatThrowsIsNotCalledAgain() throws Exception {
        try (FakeNode node = new FakeNode(request -> whole(request.after()))) {
            AtomicInteger calls = new AtomicInteger();
            EventStream stream = http(node, TIMES).events("/", 0, "test", event -> {
                calls.incrementAndGet();
                throw new IllegalStateException("mine");
            });

            stream.done().get(10, TimeUnit.SECONDS);
            assertThat(calls).hasValue(1);
            assertThat(node.requests()).hasSize(1);
        }
    }

    @Test
    void aTokenIsSentAndCommentsAreNoEvents() throws Exception {
        try (FakeNode node = new FakeNode(request ->
                FakeNode.events(List.of(": keep-alive\n\n", FakeNode.frame(1, "a", "one"), ": keep-alive\n"), true))) {
            Heard heard = follow(new NodeHttp(node.address(), Optional.of("secret"), TIMES), "/", new Heard());

            heard.stream.done().get(10, TimeUnit.SECONDS);
            assertThat(heard.events).containsExactly(new ServerSentEvent(1, "a", "one"));
            assertThat(node.requests().get(0).headers()).containsEntry("authorization", "Bearer secret");
        }
    }

    @Test
    void pausesGrowToABound() {
        assertThat(LongStream.rangeClosed(1, 10).map(n -> Backoff.pauseMillis((int) n, 1.0)))
                .containsExactly(100L, 200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L, 5_000L, 5_000L);
        assertThat(Backoff.pauseMillis(Integer.MAX_VALUE, 0)).isEqualTo(2_500);
    }

    private static Answer whole(long after) {
        List<String> frames = new ArrayList<>(List.of(": keep-alive\n\n"));
        for (int i = (int) after; i < WORDS.size(); i++) {
            frames.add(FakeNode.frame(i + 1, "a", WORDS.get(i)));
        }
        return FakeNode.events(frames, true);
    }

    private static NodeHttp http(FakeNode node, HttpTimes times) {
        return new NodeHttp(node.address(), Optional.empty(), times);
    }

    private static Heard follow(NodeHttp http, String path, Heard heard) {
        heard.stream = http.events(path, 0, "test-stream", heard);
        return heard;
    }

    private static final class Heard implements EventStream.Listener {
        private final List<ServerSentEvent> events = new CopyOnWriteArrayList<>();
        private final List<SageException> failures = new CopyOnWriteArrayList<>();
        private volatile EventStream stream;
        private volatile int until;
        private volatile int enoughAt;

        @Override
        public boolean enough() {
            return enoughAt > 0 && events.size() >= enoughAt;
        }

        List<String> texts() {
            return events.stream().map(ServerSentEvent::data).toList();
        }

        @Override
        public void event(ServerSentEvent event) {
            events.add(event);
        }

        @Override
        public boolean ended() {
            return events.size() >= until;
        }

        @Override
        public void failed(SageException failure) {
            failures.add(failure);
        }
    }
}
