package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobEvent;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.KeptService;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ProcessService;
import dev.sage.api.RestartPolicy;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.ExpectedLog;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Process services that outlive jobs, and such that die: who has their GPU and port, and until when. */
@SageTest(
        settings = {
            "sage.gpus.ids=0-3",
            "sage.gpus.idle-check.when=off",
            "sage.queue.recheck-after=1h",
            "sage.process.stop-within=300ms"
        })
@EnabledOnOs(OS.LINUX)
class ProcessServicesTest {
    private static final ProcessService ALL = ProcessService.command("true").gpus(ProcessJobs.GPUS);

    @Test
    void keptServiceHasItsGpuAndPortAfterTheJobUntilItIsEndedByName(LocalEnvironment env) throws Exception {
        env.service("server", ProcessJobs.SERVER);
        env.command("once", ProcessService.command("true").gpus(1).ports(1));
        JobHandle job = env.submit(SubmitOptions.autostop().keepServices("server"));
        assertThat(job.awaitClean(ProcessJobs.SOON).state()).isEqualTo(JobState.COMPLETED);
        KeptService kept = env.keptServices().get(0);
        ProcessEndpoint server = kept.as(ProcessEndpoint.class);
        assertThat(server.get("/", String.class)).isEqualTo(Long.toString(server.pid()));
        assertThat(server.gpus()).hasSize(1);
        assertThat(Owned.by(job)).hasSize(3);
        List<Integer> ports = server.ports();

        JobHandle all = waitingForAllGpus(env);
        assertThat(kept.end().clean()).isTrue();
        assertThat(all.awaitClean(ProcessJobs.SOON).state()).isEqualTo(JobState.COMPLETED);
        ProcessJobs.assertNothingIsLeft(job, ports);
    }

    @Test
    @ExpectedLog("ended while it was needed")
    void keptServiceWhoseProcessDiesGivesItsGpuBack(LocalEnvironment env) throws Exception {
        env.service("server", ProcessJobs.SERVER);
        env.command("once", ProcessService.command("true"));
        JobHandle job = env.submit(SubmitOptions.autostop().keepServices("server"));
        assertThat(job.awaitClean(ProcessJobs.SOON).state()).isEqualTo(JobState.COMPLETED);
        ProcessEndpoint server = env.keptServices().get(0).as(ProcessEndpoint.class);
        List<Integer> ports = server.ports();
        JobHandle all = waitingForAllGpus(env);
        kill(server.pid());
        assertThat(all.awaitClean(ProcessJobs.SOON).state()).isEqualTo(JobState.COMPLETED);
        ProcessJobs.assertNothingIsLeft(job, ports);
        assertThat(env.keptServices()).isEmpty();
    }

    @Test
    void sharedServiceHasItsGpuFromTheFirstCallUntilItIsEndedByName(LocalEnvironment env) throws Exception {
        ProcessEndpoint shared = env.sharedService("shared", ProcessJobs.SERVER).as(ProcessEndpoint.class);
        ProcessJobs.assertAllGpusAreFree(env);
        long pid = Long.parseLong(shared.get("/", String.class));
        var pids =
                env.fromRange(0, 3).map(n -> shared.get("/" + n, String.class)).collect();
        env.run();
        assertThat(pids).containsOnly(Long.toString(pid));

        List<Owned> processes = Owned.markedAs(pid);
        assertThat(processes).hasSize(3);
        JobHandle all = waitingForAllGpus(env);
        assertThat(env.keptServices().get(0).end().clean()).isTrue();
        assertThat(all.awaitClean(ProcessJobs.SOON).state()).isEqualTo(JobState.COMPLETED);
        assertThat(processes).noneMatch(Owned::isThere);
    }

    @Test
    void sharedServiceWaitsForItsGpuAsAJobDoes(LocalEnvironment env) throws Exception {
        env.command("sleep", ProcessService.command("sleep", "600").gpus(ProcessJobs.GPUS));
        JobHandle holder = env.submit();
        Jobs.awaitState(holder, JobState.RUNNING);
        ProcessEndpoint shared = env.sharedService("shared", ProcessJobs.SERVER).as(ProcessEndpoint.class);
        CompletableFuture<String> answer = call(shared);
        holder.cancel();
        assertThat(answer.get(15, TimeUnit.SECONDS)).isEqualTo(Long.toString(shared.pid()));
        Jobs.end(holder);
    }

    @Test
    void callsWaitWhileAProcessThatWasKilledIsStartedAgainWithTheSamePortAndGpu(LocalEnvironment env) throws Exception {
        env.service("server", ProcessJobs.SERVER).restart(RestartPolicy.upTo(3, Duration.ofMinutes(1)));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        List<JobEvent> heard = new CopyOnWriteArrayList<>();
        job.events(heard::add);
        ProcessEndpoint server = job.service("server", ProcessEndpoint.class);
        long first = server.pid();
        List<Integer> ports = server.ports();
        List<Integer> gpus = server.gpus();
        List<Long> ofFirst = Owned.by(job);

        kill(first);
        await().until(() -> heard.stream().anyMatch(JobEvent.ServiceRestarting.class::isInstance));
        String second = server.get("/", String.class);

        assertThat(second).isNotEqualTo(Long.toString(first)).isEqualTo(Long.toString(server.pid()));
        assertThat(server.ports()).isEqualTo(ports);
        assertThat(server.gpus()).isEqualTo(gpus);
        assertThat(Owned.by(job)).doesNotContainAnyElementsOf(ofFirst).hasSize(3);
        job.cancel();
        assertThat(Jobs.end(job).clean()).isTrue();
        ProcessJobs.assertNothingIsLeft(job, ports);
        ProcessJobs.assertAllGpusAreFree(env);
    }

    @Test
    void processThatDiesMoreOftenThanItsPolicyAllowsFailsTheJobWithItsExit(LocalEnvironment env) throws Exception {
        env.service("server", ProcessJobs.SERVER).restart(RestartPolicy.upTo(1, Duration.ofMinutes(1)));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        ProcessEndpoint server = job.service("server", ProcessEndpoint.class);
        List<Integer> ports = server.ports();
        long first = server.pid();
        kill(first);
        await().atMost(ProcessJobs.SOON)
                .ignoreExceptions()
                .until(() -> !server.get("/", String.class).equals(Long.toString(first)));
        kill(server.pid());
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isEqualTo(JobState.FAILED);
        assertThat(result.reason()).contains("server");
        assertThat(result.failure()).get().asString().contains("KILL");
        assertThat(result.clean()).isTrue();
        ProcessJobs.assertNothingIsLeft(job, ports);
        ProcessJobs.assertAllGpusAreFree(env);
    }

    private static JobHandle waitingForAllGpus(LocalEnvironment env) {
        env.command("all", ALL);
        JobHandle all = env.submit(SubmitOptions.autostop());
        List<JobEvent> heard = new CopyOnWriteArrayList<>();
        all.events(heard::add);
        await().until(() -> heard.stream().anyMatch(JobEvent.Waiting.class::isInstance));
        return all;
    }

    private static CompletableFuture<String> call(ProcessEndpoint endpoint) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return endpoint.get("/", String.class);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }
}
