package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.CleanupReport;
import dev.sage.api.CommandFailedException;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ProcessService;
import dev.sage.api.Results;
import dev.sage.api.ServiceDeclaration;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.SageTest;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The examples of docs/guide/processes.md. */
@SageTest(settings = {"sage.gpus.ids=0-7", "sage.gpus.groups=0-3;4-7", "sage.gpus.idle-check.when=off"})
@EnabledOnOs(OS.LINUX)
class ProcessesGuideTest {
    private static final ProcessService JUDGE = ProcessService.command(
                    "python3", Scripts.path("processes/judge.py"), "--port", "{port}")
            .readyOn("/health");

    /** What is asked. */
    record Answer(String text) {}

    /** What is answered. */
    record Score(int score) {}

    @Test
    void aProgramAsAService(LocalEnvironment env) throws Exception {
        ServiceDeclaration<ProcessEndpoint> judge = env.service("judge", JUDGE);
        ProcessEndpoint http = judge.as(ProcessEndpoint.class);
        Results<Score> scores = env.fromCollection(List.of(new Answer("yes"), new Answer("maybe")))
                .map(answer -> http.post("/score", answer, Score.class))
                .collect();
        JobResult result = env.run();
        assertThat(scores).containsExactly(new Score(3), new Score(5));
        assertThat(result.clean()).isTrue();
        assertThat(result.cleanup().lines())
                .extracting(CleanupReport.Line::kind)
                .contains("service", "port");
    }

    @Test
    void besideTheCaller(LocalEnvironment env) throws Exception {
        ProcessEndpoint reward = env.atClient("reward", JUDGE).as(ProcessEndpoint.class);
        List<Long> callers = new CopyOnWriteArrayList<>();
        Results<Score> scores = env.fromCollection(List.of(new Answer("yes")))
                .map(answer -> {
                    callers.add(ProcessHandle.of(reward.pid())
                            .flatMap(ProcessHandle::parent)
                            .map(ProcessHandle::pid)
                            .orElse(-1L));
                    return reward.post("/score", answer, Score.class);
                })
                .collect();
        JobResult result = env.run();
        assertThat(scores).containsExactly(new Score(3));
        assertThat(callers).containsExactly(ProcessHandle.current().pid());
        assertThat(result.cleanup().lines())
                .filteredOn(line -> line.kind().equals("process"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.name()).isEqualTo("reward");
                    assertThat(line.outcome()).isEqualTo(CleanupReport.Outcome.RELEASED);
                });
    }

    @Test
    void gpus(LocalEnvironment env) throws Exception {
        JobHandle job = jobWithOutput(
                env,
                ProcessService.command("sh", "-c", "echo $CUDA_VISIBLE_DEVICES {gpu}")
                        .gpus(2));
        List<String> lines = new CopyOnWriteArrayList<>();
        job.output("command", lines::add);
        job.awaitClean();
        Awaitility.await().untilAsserted(() -> assertThat(lines).containsExactly("0,1 0,1"));
    }

    private static JobHandle jobWithOutput(LocalEnvironment env, ProcessService program) {
        env.command("command", program);
        return env.submit(SubmitOptions.autostop());
    }

    @Test
    void aCommandAsAJob(LocalEnvironment env) throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        env.command("sh", "-c", "echo one; echo two >&2; test {port} -gt 0");
        JobHandle job = env.submit(SubmitOptions.autostop().priority(5));
        job.output("command", lines::add);
        assertThat(job.awaitClean().state()).isEqualTo(JobState.COMPLETED);
        Awaitility.await().untilAsserted(() -> assertThat(lines).containsExactly("one", "two"));
        assertThat(Files.readAllLines(job.outputFile("command"))).containsExactly("one", "two");
    }

    @Test
    void aCommandThatFails(LocalEnvironment env) {
        env.command("sh", "-c", "echo no such thing; exit 7");
        assertThatThrownBy(env::run)
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("exit code 7")
                .hasMessageContaining("no such thing")
                .cause()
                .isInstanceOfSatisfying(
                        CommandFailedException.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(7));
    }

    @Test
    void moreThanThereIsIsRefusedAtOnce(LocalEnvironment env) throws Exception {
        env.command("train", ProcessService.command("true").gpus(9));
        JobHandle job = env.submit(SubmitOptions.autostop());
        assertThatThrownBy(() -> job.awaitClean(Duration.ofSeconds(10)))
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("9")
                .hasMessageContaining("8");
    }
}
