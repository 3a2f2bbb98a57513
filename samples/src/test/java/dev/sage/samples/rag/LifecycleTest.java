package dev.sage.samples.rag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.ServiceReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LifecycleTest {

    @Test
    void aCleanUpThatThrewIsNotCompleted() {
        assertThat(printed(new ServiceReport("index", true, true, true, false, false, 0)))
                .isEqualToNormalizingNewlines("""
                        service index
                          initialized: true
                          was running: true
                          cleanup called: true
                          cleanup completed: false
                          running: false (not running)
                        """);
    }

    @Test
    void aServiceThatNeverStartedSaysSo() {
        assertThat(printed(new ServiceReport("index", false, false, true, true, false, 0)))
                .contains("initialized: false", "was running: false", "cleanup completed: true");
    }

    private static String printed(ServiceReport service) {
        JobResult result = new JobResult(
                "7",
                "test",
                JobState.FAILED,
                "failed",
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(service.name(), service),
                new CleanupReport(List.of()),
                Duration.ZERO);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Lifecycle.print(result, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
