package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.acceptance.RayPython;
import dev.sage.api.Environment;
import dev.sage.api.JobEvent;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.RayService;
import dev.sage.api.Results;
import dev.sage.api.Service;
import dev.sage.api.ServiceDeclaration;
import dev.sage.api.ServiceReport;
import dev.sage.api.SubmitOptions;
import dev.sage.api.spi.RayControl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A service, a batch that calls it, and the end of both: the same wherever the job runs. */
class AutostopStoryTest {
    private static final List<String> WORDS = List.of("a", "bc", "def");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static final Map<Place, NodeProcess> nodes = new EnumMap<>(Place.class);
    private static Postgres postgres;

    /** Where the job runs, and where its service does. */
    enum Place {
        LOCAL,
        NODE,
        NODE_WITH_POSTGRESQL,
        LOCAL_ON_RAY,
        NODE_ON_RAY;

        boolean isLocal() {
            return this == LOCAL || this == LOCAL_ON_RAY;
        }

        boolean isOnRay() {
            return this == LOCAL_ON_RAY || this == NODE_ON_RAY;
        }
    }

    /** How the job's service is called from outside. */
    @FunctionalInterface
    interface Measure {
        int lengthOf(String word) throws Exception;
    }

    static final class Lengths implements Service, Measure {
        @Override
        public int lengthOf(String word) {
            return word.length();
        }
    }

    /** The same, in Python. */
    private static final String LENGTHS = """
            class Lengths:
                def lengthOf(self, word):
                    return len(word)
            """;

    private static Path python;
    private static boolean rayIsUp;

    @BeforeAll
    static void startNodes() throws Exception {
        python = Files.writeString(folder.resolve("lengths.py"), LENGTHS);
        postgres = Postgres.start(folder.resolve("data"));
        nodes.put(Place.NODE, NodeProcess.start(Files.createDirectory(folder.resolve("sqlite")), List.of()));
        nodes.put(
                Place.NODE_WITH_POSTGRESQL,
                NodeProcess.start(Files.createDirectory(folder.resolve("postgres")), postgres.newJournal()));
    }

    @AfterAll
    static void endNodes() throws Exception {
        try {
            for (NodeProcess node : nodes.values()) {
                node.close();
            }
            if (rayIsUp) {
                ray().down(raySettings());
            }
        } finally {
            postgres.close();
        }
    }

    private static Environment open(Place place) throws Exception {
        return switch (place) {
            case LOCAL -> LocalEnvironment.create("story");
            case NODE, NODE_WITH_POSTGRESQL -> nodeOf(place).connect("story");
            case LOCAL_ON_RAY -> {
                bringRayUp();
                yield LocalEnvironment.create("story", raySettings());
            }
            case NODE_ON_RAY -> {
                bringRayUp();
                yield nodeOf(place).connect("story");
            }
        };
    }

    private static NodeProcess nodeOf(Place place) {
        return nodes.get(place == Place.NODE_WITH_POSTGRESQL ? place : Place.NODE);
    }

    private static ServiceDeclaration<?> declare(Environment env, Place place) {
        return place.isOnRay()
                ? env.service("lengths", RayService.python(python.toString(), "Lengths"))
                : env.service("lengths", Lengths::new);
    }

    /** One for the node and for this JVM, which share a home. */
    private static void bringRayUp() throws Exception {
        if (!rayIsUp) {
            ray().up(
                            raySettings(),
                            new RayControl.Wanted(
                                    Optional.empty(), Optional.of(RayPython.find()), 0, Optional.of(2), List.of()),
                            new RayControl.Progress() {
                                @Override
                                public void step(String what) {}

                                @Override
                                public void downloaded(long bytes, long total) {}
                            });
            rayIsUp = true;
        }
    }

    private static RayControl ray() {
        return ServiceLoader.load(RayControl.class).findFirst().orElseThrow();
    }

    private static Map<String, ?> raySettings() {
        return Map.of(
                "sage.home",
                nodes.get(Place.NODE).home().toString(),
                "sage.ray.cluster.object-store-bytes",
                80_000_000,
                "sage.ray.cluster.ready-within",
                "180s");
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void autostopEndsTasksAndServicesWithTheBatch(Place place) throws Exception {
        try (Environment env = open(place)) {
            Measure lengths = declare(env, place).as(Measure.class);
            Results<Integer> measured =
                    env.fromCollection(WORDS).map(lengths::lengthOf).collect();
            JobHandle job = env.submit(SubmitOptions.autostop());
            Balance balance = Balance.of(job);

            JobResult result = job.awaitClean(Jvm.BOUND);

            assertThat(measured).containsExactly(1, 2, 3);
            assertThat(result.state()).isEqualTo(JobState.COMPLETED);
            assertCleanedUp(place, job, result, balance);
        }
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void withoutAutostopTheServiceServesUntilTheJobIsStopped(Place place) throws Exception {
        try (Environment env = open(place)) {
            Measure lengths = declare(env, place).as(Measure.class);
            Results<Integer> measured =
                    env.fromCollection(WORDS).map(lengths::lengthOf).collect();
            JobHandle job = env.submit(SubmitOptions.keepRunning());
            Balance balance = Balance.of(job);

            job.awaitIdle();

            assertThat(job.state()).isEqualTo(JobState.IDLE);
            assertThat(measured).containsExactly(1, 2, 3);
            assertThat(job.service("lengths", Measure.class).lengthOf("four")).isEqualTo(4);
            assertThat(job.result().toCompletableFuture()).isNotDone();

            job.stop();
            JobResult result = job.awaitClean(Jvm.BOUND);
            assertThat(result.state()).isEqualTo(JobState.STOPPED);
            assertCleanedUp(place, job, result, balance);
        }
    }

    private static void assertCleanedUp(Place place, JobHandle job, JobResult result, Balance balance)
            throws Exception {
        assertThat(result.clean()).isTrue();
        assertThat(result.failure()).isEmpty();
        assertThat(result.services())
                .containsExactly(Map.entry("lengths", new ServiceReport("lengths", true, true, true, true, false, 0)));
        balance.assertNothingRuns();
        if (!place.isLocal()) {
            nodeOf(place).requests().assertEnded(job.id(), result.state());
        }
    }

    /** What a job's events tell of the number of its tasks and services. */
    private record Balance(List<JobEvent> events, CountDownLatch end) {

        static Balance of(JobHandle job) {
            Balance balance = new Balance(new CopyOnWriteArrayList<>(), new CountDownLatch(1));
            job.events(event -> {
                balance.events.add(event);
                if (event instanceof JobEvent.Ended) {
                    balance.end.countDown();
                }
            });
            return balance;
        }

        void assertNothingRuns() throws InterruptedException {
            assertThat(end.await(Jvm.BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(count(JobEvent.TaskStarted.class)).isPositive().isEqualTo(count(JobEvent.TaskEnded.class));
            assertThat(count(JobEvent.ServiceStarted.class))
                    .isEqualTo(1)
                    .isEqualTo(count(JobEvent.ServiceStopped.class));
        }

        private long count(Class<? extends JobEvent> kind) {
            return events.stream().filter(kind::isInstance).count();
        }
    }
}
