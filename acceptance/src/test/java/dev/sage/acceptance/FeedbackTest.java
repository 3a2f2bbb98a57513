package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.sage.api.DataStream;
import dev.sage.api.Feedback;
import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.api.SageException;
import dev.sage.api.Service;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.SageTest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loops in whole jobs: when they end, and how jobs with loops end. */
@SageTest(settings = {"sage.exchange.batch-records=1", "sage.exchange.channel-batches=1"})
class FeedbackTest {
    private static final int NODES = 300;

    @ParameterizedTest(name = "parallelism {0}, graph {1}")
    @CsvSource({"1,1", "2,2", "4,3", "3,4"})
    void whatCanBeReachedInAGraphIsFoundThroughAService(int parallelism, long seed, LocalEnvironment env)
            throws InterruptedException {
        Random random = new Random(seed);
        List<List<Integer>> edges = IntStream.range(0, NODES)
                .mapToObj(n -> random.ints(random.nextInt(4), 0, NODES).boxed().toList())
                .toList();
        Edges graph =
                env.service("edges", () -> new StoredEdges(edges)).concurrent(4).as(Edges.class);
        Set<Integer> seen = ConcurrentHashMap.newKeySet();

        Feedback<Integer> found =
                env.fromCollection(List.of(0)).feedback("reach").parallelism(parallelism);
        DataStream<Integer> fresh = found.keyBy(n -> n).filter(seen::add).parallelism(parallelism);
        found.closeWith(fresh.mapAsyncUnordered(4, graph::from)
                .parallelism(parallelism)
                .flatMap(next -> next)
                .parallelism(parallelism));
        Results<Integer> reached = fresh.collect();
        assertThat(env.run().state()).isEqualTo(JobState.COMPLETED);

        assertThat(reached).containsExactlyInAnyOrderElementsOf(reachable(edges));
    }

    @Test
    void stopEndsTheSourcesAndLetsTheLoopRunOut(LocalEnvironment env) throws InterruptedException {
        AtomicLong entered = new AtomicLong();
        RecordingSink<Long> sink = new RecordingSink<>();
        Feedback<Long> loop = env.fromSource(Jobs.endless())
                .map(n -> {
                    entered.incrementAndGet();
                    return 5L;
                })
                .feedback("countdown")
                .parallelism(2);
        loop.closeWith(loop.keyBy(n -> n).filter(n -> n > 0).parallelism(3).map(n -> n - 1));
        loop.filter(n -> n == 0).sink(sink);
        JobHandle job = env.submit();
        await().until(() -> sink.records().size() > 20);

        job.stop();

        assertThat(Jobs.end(job).state()).isEqualTo(JobState.STOPPED);
        assertThat(sink.records()).hasSize((int) entered.get());
        assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
    }

    @Test
    void cancelEndsALoopThatWouldNeverEnd(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        env.service("index", probe.service("index"));
        AtomicLong rounds = new AtomicLong();
        Feedback<Long> loop = env.fromRange(0, 4).feedback("for ever").parallelism(2);
        loop.closeWith(loop.mapAsync(2, n -> {
                    rounds.incrementAndGet();
                    return n;
                })
                .parallelism(2));
        JobHandle job = env.submit();
        await().until(() -> rounds.get() > 100);

        job.cancel();

        assertThat(Jobs.end(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void aCallInFlightIsARecordInTheLoop(LocalEnvironment env) throws InterruptedException {
        try (Gate answer = Gate.closed("answer")) {
            Feedback<Long> loop = env.fromRange(0, 3).feedback("asking");
            loop.closeWith(loop.filter(n -> n < 10).mapAsync(2, n -> {
                answer.pass();
                return n + 10;
            }));
            Results<Long> all = loop.collect();
            JobHandle job = env.submit();
            answer.awaitReached();
            Jobs.awaitState(job, JobState.RUNNING);
            answer.open();
            job.awaitIdle();
            assertThat(all).containsExactlyInAnyOrder(0L, 1L, 2L, 10L, 11L, 12L);
        }
    }

    @SageTest(settings = {"sage.feedback.gate-records=10", "sage.feedback.max-records=50"})
    void aLoopThatGrowsFailsTheJobByItsName(LocalEnvironment env) {
        Feedback<Long> loop = env.fromRange(0, 3).feedback("avalanche");
        loop.closeWith(loop.flatMap(n -> List.of(n, n)));

        JobFailedException failed = catchThrowableOfType(JobFailedException.class, env::run);

        assertThat(failed.result().failure().orElseThrow().name()).isEqualTo("avalanche");
        assertThat(failed)
                .hasMessageContaining("more than 50 records")
                .hasMessageContaining("sage.feedback.max-records");
        assertThat(failed.result().clean()).isTrue();
    }

    @Test
    void aGateAboveTheMostRecordsIsRefusedByItsKeyValueAndBound() {
        Map<String, Integer> settings = Map.of("sage.feedback.gate-records", 11, "sage.feedback.max-records", 10);
        assertThatThrownBy(() -> LocalEnvironment.create("wrong", settings))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("sage.feedback.gate-records is 11")
                .hasMessageContaining("from 1 to 10");
    }

    @Test
    void aLoopThatIsLeftOpenIsRefusedByItsName(LocalEnvironment env) {
        env.fromRange(0, 3).feedback("endless").collect();
        assertThatThrownBy(env::submit)
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'endless'")
                .hasMessageContaining("closeWith");
    }

    private static Set<Integer> reachable(List<List<Integer>> edges) {
        Set<Integer> reached = new TreeSet<>(Set.of(0));
        Queue<Integer> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            edges.get(open.remove()).stream().filter(reached::add).forEach(open::add);
        }
        return reached;
    }

    interface Edges {
        List<Integer> from(int node);
    }

    record StoredEdges(List<List<Integer>> edges) implements Service, Edges {
        @Override
        public List<Integer> from(int node) {
            return edges.get(node);
        }
    }
}
