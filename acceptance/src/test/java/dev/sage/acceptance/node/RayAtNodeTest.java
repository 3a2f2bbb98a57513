package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.acceptance.RayPython;
import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.RayEndpoint;
import dev.sage.api.RayPool;
import dev.sage.api.RayService;
import dev.sage.api.Results;
import dev.sage.api.SubmitOptions.NodeLoss;
import dev.sage.client.RemoteEnvironment;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs at a node whose services and operators are actors of a real Ray, which the node starts when it first needs it. What
 * ends the node comes last, as the next one starts another Ray.
 */
@EnabledOnOs(OS.LINUX)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RayAtNodeTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static NodeProcess node;

    @BeforeAll
    static void startNode() throws Exception {
        node = NodeProcess.start(
                folder,
                List.of(
                        "sage.node.lease.time-to-live=10s",
                        "sage.ray.python=" + RayPython.find(),
                        "sage.ray.cluster.cpus=2",
                        // A cluster that is killed gives it back, or the next one would not start.
                        "sage.ray.cluster.gpus=0",
                        // A clean-up still stands when the node is killed.
                        "sage.ray.cleanup-within=30s",
                        "sage.job-shutdown.phases.release-ray-actors.timeout=40s",
                        "sage.ray.cluster.object-store-bytes=80000000",
                        "sage.ray.cluster.ready-within=180s"));
    }

    @AfterAll
    static void endNode() throws Exception {
        node.close();
    }

    @Test
    @Order(1)
    void codeOfTheClientRunsInActorsAtTheNodeAndEachIsInTheReport() throws Exception {
        Path python = RayProgram.writeWorker(folder);
        try (URLClassLoader classes = withDoubler();
                RemoteEnvironment env = node.connect("shipped")) {
            RayEndpoint worker = env.service(
                            "worker",
                            RayService.python(python.toString(), "Worker").args(3))
                    .as(RayEndpoint.class);
            Results<Long> results = env.fromRange(0, 1_000)
                    .on(RayPool.java(classes.loadClass("Doubler")).actors(2))
                    .map("doubled", Long.class)
                    .filter(n -> n % 500 == 0)
                    .map(n -> worker.call(Long.class, "times", n))
                    .collect();
            // What was named is sent, and nothing of it is looked for at the node.
            Files.delete(python);

            JobResult result = env.run();

            assertThat(results).containsExactly(0L, 1_500L, 3_000L, 4_500L);
            assertThat(result.clean()).isTrue();
            assertThat(result.cleanup().lines())
                    .filteredOn(line -> line.kind().equals("ray-actor"))
                    .hasSize(3)
                    .allSatisfy(line -> {
                        assertThat(line.outcome()).isEqualTo(CleanupReport.Outcome.RELEASED);
                        assertThat(line.reason()).contains("cleanup ", "killed in ");
                    });
            node.requests().assertEnded(result.id(), JobState.COMPLETED);
            assertNoActorIsLeft();
        }
    }

    /** With a class that only this client has. */
    private static URLClassLoader withDoubler() throws IOException {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        Path source = Files.writeString(
                folder.resolve("Doubler.java"),
                "public class Doubler { public long doubled(long n) { return 2 * n; } }");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString()))
                .isZero();
        URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, RayAtNodeTest.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        return loader;
    }

    @Test
    @Order(2)
    void actorsOfAKilledClientEndWithItsLease() throws Exception {
        Path called = folder.resolve("called-by-client");
        try (Jvm client = Jvm.startClient(node, RayProgram.class, folder.toString(), called.toString())) {
            String id = client.awaitLine(RayProgram.SUBMITTED).substring(RayProgram.SUBMITTED.length());
            awaitCalled(called);
            client.signal("KILL");

            assertThat(node.requests().awaitEnd(id).state()).isEqualTo(JobState.CANCELLED);
            node.requests().assertEnded(id, JobState.CANCELLED);
            assertNoActorIsLeft();
        }
    }

    @Test
    @Order(3)
    void killedDuringStartCallsAndCleanUpNothingOfRayIsLeftAndEachJobGoesByItsPolicy() throws Exception {
        Path starts = folder.resolve("starts");
        Path cleansUp = folder.resolve("cleans-up");
        Path lost = folder.resolve("called-by-lost");
        Path restarted = folder.resolve("called-by-restarted");
        try (RemoteEnvironment env = node.connect("lost");
                RemoteEnvironment other = node.connect("restarted")) {
            JobHandle starting = RayProgram.submitStanding(env, folder, "start", starts);
            JobHandle failing = RayProgram.submit(env, folder, lost, NodeLoss.FAIL);
            JobHandle restarting = RayProgram.submit(other, folder, restarted, NodeLoss.RESTART);
            awaitCalled(starts);
            awaitCalled(lost);
            awaitCalled(restarted);
            JobHandle cleaning = RayProgram.submitStanding(env, folder, "clean-up", cleansUp);
            cleaning.awaitIdle();
            cleaning.stop();
            awaitCalled(cleansUp);
            // What is still in its constructor has no such title yet.
            assertThat(actors()).hasSize(3);

            node.kill();
            node.assertNoProcessIsLeft();
            node.restart();

            assertThatThrownBy(() -> failing.awaitClean(Jvm.BOUND))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("NodeLost");
            assertThat(restarting.awaitClean(RayProgram.WITHIN).state()).isEqualTo(JobState.COMPLETED);
            for (JobHandle job : List.of(starting, cleaning, failing)) {
                node.requests().assertEnded(job.id(), JobState.FAILED);
            }
            node.requests().assertEnded(restarting.id(), JobState.COMPLETED);
            assertThat(Files.readAllLines(lost)).hasSize(1);
            assertThat(Files.readAllLines(restarted)).hasSize(2);
            assertNoActorIsLeft();
        }
    }

    @Test
    @Order(4)
    void terminatedDuringCallsItEndsItsActorsAndItsRay() throws Exception {
        Path called = folder.resolve("called-by-cancelled");
        try (RemoteEnvironment env = node.connect("cancelled")) {
            JobHandle job = RayProgram.submit(env, folder, called, NodeLoss.FAIL);
            awaitCalled(called);

            assertThat(node.terminate()).as(node::toString).isEqualTo(NodeProcess.TERMINATED);
            node.assertNothingIsLeft();
            node.restart();
            node.requests().assertEnded(job.id(), JobState.CANCELLED);
        }
    }

    private static void awaitCalled(Path called) {
        Awaitility.await("an actor is called, of " + node)
                .atMost(RayProgram.WITHIN)
                .until(() -> Files.exists(called));
    }

    /** The cluster that the node started stays until the node ends. */
    private static void assertNoActorIsLeft() throws IOException {
        assertThat(node.requests().ledger())
                .filteredOn(entry -> entry.toString().contains("job_"))
                .isEmpty();
        Awaitility.await("no actor is left").atMost(Jvm.BOUND).until(() -> actors().isEmpty());
    }

    /** Those in Python, whose processes have the class as their title. */
    private static List<String> actors() throws IOException {
        return node.processes().stream()
                .map(process -> process.command().get(0))
                .filter(title -> title.startsWith("ray::SageActor"))
                .toList();
    }
}
