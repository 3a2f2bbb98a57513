package dev.sage.runtime.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.OutputListener;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmEnvironmentTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void onlyJobsWithProcessesNeedLinux() throws Exception {
        String os = System.getProperty("os.name");
        try (LocalEnvironment environment = environment()) {
            System.setProperty("os.name", "Plan 9");
            environment.fromCollection(List.of(1, 2)).collect();
            assertThat(environment
                            .submit(SubmitOptions.autostop())
                            .awaitClean(LIMIT)
                            .state())
                    .isEqualTo(JobState.COMPLETED);
            environment.command("true");
            assertThatThrownBy(() -> environment.submit(SubmitOptions.autostop()))
                    .isInstanceOfSatisfying(
                            SageException.class, e -> assertThat(e.code()).isEqualTo("process.unsupported"))
                    .hasMessageContaining("Plan 9");
        } finally {
            System.setProperty("os.name", os);
        }
    }

    @Test
    void outputOfWhatTheJobHasNotIsRefusedByName() throws Exception {
        try (LocalEnvironment environment = environment()) {
            environment.command("true");
            JobHandle job = environment.submit(SubmitOptions.autostop());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> job.output("trainer", line -> {}))
                    .withMessageContaining("'trainer'")
                    .withMessageContaining("[command]");
            job.awaitClean(LIMIT);
        }
    }

    @Test
    void whoFollowsTheOutputAfterTheEndHearsTheEnd() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (LocalEnvironment environment = environment()) {
            environment.command("true");
            JobHandle job = environment.submit(SubmitOptions.autostop());
            job.awaitClean(LIMIT);
            job.output("command", new OutputListener() {
                @Override
                public void line(String line) {}

                @Override
                public void ended() {
                    ended.countDown();
                }
            });
            assertThat(ended.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    private LocalEnvironment environment() {
        return LocalEnvironment.create(
                "test",
                Map.of(
                        "sage.home", folder.resolve("home").toString(),
                        "sage.locks-folder", folder.resolve("locks").toString()));
    }
}
