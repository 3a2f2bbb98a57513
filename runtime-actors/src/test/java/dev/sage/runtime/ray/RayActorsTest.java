package dev.sage.runtime.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.RayPool;
import dev.sage.api.RayService;
import dev.sage.api.Service;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Vertex;
import dev.sage.api.spi.RecordedGraph;
import dev.sage.runtime.dataplane.BlockingCall;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.dataplane.RemotePool;
import dev.sage.runtime.resource.Ledger;
import dev.sage.runtime.resource.SageHome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RayActorsTest {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    @TempDir
    private Path home;

    private Ledger ledger;
    private BlockingThreads threads;
    private RayActors actors;

    @BeforeEach
    void begin() {
        FakeRay.clear();
        FakeRay.define("m.Scorer", arguments -> "object");
        ledger = Ledger.open(new SageHome(home));
        threads = BlockingThreads.create("pool");
        RaySettings settings = new RaySettings(WITHIN, WITHIN, WITHIN.multipliedBy(2), WITHIN, 10, 2);
        RayWay way = new RayWay(Optional.of(new FakeRay()), new NoHost());
        actors = new RayActors(settings, ledger, threads, 1, way);
    }

    @AfterEach
    void end() {
        actors.close();
        threads.close();
        ledger.close();
    }

    @Test
    void noActorTakesThePlaceOfADeadOneOnceItsJobHasReleasedThem() throws Exception {
        RemotePool pool = actors.pool("7", "score", 0, 1, operator());
        pool.open();
        CountDownLatch way = new CountDownLatch(1);
        FakeRay.way = way;
        FakeRay.actor("job_7_1_score").die();
        await().until(() -> FakeRay.connects.get() == 2);

        pool.close();
        actors.end("7", holder -> true);
        way.countDown();
        threads.close();
        assertThat(threads.awaitEnd(WITHIN)).isTrue();

        assertThat(FakeRay.made).hasValue(1);
        assertThat(FakeRay.names()).isEmpty();
        assertThat(ledger.entries()).isEmpty();
    }

    @Test
    void noActorIsMadeByWhoWasInterruptedOnTheWay() throws Exception {
        CountDownLatch way = new CountDownLatch(1);
        FakeRay.way = way;
        Service service = actors.service("7", "index", RayService.python("m", "Scorer"), 1, WITHIN, false);
        BlockingCall<Boolean> start = threads.submit(() -> {
            service.start();
            return true;
        });
        await().until(() -> FakeRay.connects.get() == 1);

        start.interrupt();
        actors.end("7", holder -> true);
        way.countDown();
        assertThatThrownBy(() -> start.result().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InterruptedException.class);

        assertThat(FakeRay.made).hasValue(0);
        assertThat(FakeRay.names()).isEmpty();
        assertThat(ledger.entries()).isEmpty();
    }

    private static Operator operator() {
        RecordedGraph env = new RecordedGraph("recorded");
        env.fromRange(0, 1)
                .on(RayPool.python("m", "Scorer").actors(1))
                .map("score", Long.class)
                .print();
        return env.graph().vertices().stream()
                .map(Vertex::operator)
                .filter(Operator.OnRay.class::isInstance)
                .findFirst()
                .orElseThrow();
    }
}
