package dev.sage.node.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobEvent;
import dev.sage.api.JobResult;
import dev.sage.api.ProcessService;
import dev.sage.api.SubmitOptions;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.JobSubmission;
import dev.sage.runtime.local.Engine;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceCallsTest {
    private static final SubmitOptions OPTIONS =
            SubmitOptions.autostop().keepServices("holder").detached();

    @TempDir
    private Path home;

    /** Nobody ends it by name, so nobody but the engine knows. */
    @Test
    void aKeptServiceThatDiesByItselfLetsGoOfTheClassesOfItsJob() throws Exception {
        Path pid = home.resolve("pid");
        try (TestJobs node = TestJobs.connected(home)) {
            ServiceCalls services = new ServiceCalls(node.engine, new JobThreads(node.engine));
            WeakReference<ClassLoader> loader = runWithKept(node, services, pid, () -> {});
            assertThat(node.engine.keptServices()).hasSize(1);
            System.gc();
            assertThat(loader.get()).as("needed for calls").isNotNull();

            assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                            .orElseThrow()
                            .destroyForcibly())
                    .isTrue();

            await().atMost(TestJobs.SOON).until(() -> {
                System.gc();
                return loader.get() == null;
            });
        }
    }

    /** Between the end of its job and the moment in which its code is kept for it. */
    @Test
    void aKeptServiceThatIsDeadAlreadyKeepsNoClasses() throws Exception {
        Path pid = home.resolve("pid");
        try (TestJobs node = TestJobs.connected(home)) {
            ServiceCalls services = new ServiceCalls(node.engine, new JobThreads(node.engine));
            WeakReference<ClassLoader> loader = runWithKept(node, services, pid, () -> {
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                        .orElseThrow()
                        .destroyForcibly();
                await().atMost(TestJobs.SOON)
                        .until(() -> node.engine.keptServices().isEmpty());
            });

            await().atMost(TestJobs.SOON).until(() -> {
                System.gc();
                return loader.get() == null;
            });
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /** @param meanwhile after the end of the job */
    private static WeakReference<ClassLoader> runWithKept(
            TestJobs node, ServiceCalls services, Path pid, Step meanwhile) throws Exception {
        JobSubmission pipeline = Pipelines.of(environment -> {
            environment.service("holder", ProcessService.command("sh", "-c", "echo $$ > " + pid + "; exec sleep 600"));
            environment.fromRange(0, 3).collect();
        });
        PreparedJob job = node.preparation.prepare(
                new JobSubmission("kept", JobOptions.of(OPTIONS), pipeline.code(), null),
                Optional.empty(),
                "someone",
                id -> false,
                size -> false);
        Engine.Running running = node.engine.submit(
                job.job().id(),
                "kept",
                job.graph(),
                OPTIONS,
                () -> CompletableFuture.completedFuture(Done.getInstance()));
        CompletableFuture<JobResult> end = new CompletableFuture<>();
        running.events(event -> {
            if (event instanceof JobEvent.Ended last) {
                end.complete(last.result());
            }
        });
        assertThat(end.get(30, TimeUnit.SECONDS).cleanup().kept()).containsExactly("holder");
        meanwhile.run();
        services.keep(job.job().id(), job);
        return new WeakReference<>(job.loader());
    }
}
