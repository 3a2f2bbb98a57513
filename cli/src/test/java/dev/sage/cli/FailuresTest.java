package dev.sage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobFailure;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.SageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void filesAreNamedWithTheirTrouble() {
        assertThat(Failures.describe(new NoSuchFileException("a.txt"))).isEqualTo("a.txt: no such file or folder");
        assertThat(Failures.describe(new AccessDeniedException("a"))).isEqualTo("a: permission denied");
        assertThat(Failures.describe(new FileSystemException("a", null, "disk is full")))
                .isEqualTo("a: disk is full");
        assertThat(Failures.describe(new UncheckedIOException(new NoSuchFileException("a"))))
                .isEqualTo("a: no such file or folder");
    }

    @Test
    void sagesOwnMessagesStandAlone() {
        assertThat(Failures.describe(new SageException("config.invalid", "sage.x is 3; it must be 4.")))
                .isEqualTo("sage.x is 3; it must be 4.");
    }

    @Test
    void othersComeWithTheirClassAndAWayToLearnMore() {
        assertThat(Failures.describe(new IllegalStateException("odd")))
                .isEqualTo("java.lang.IllegalStateException: odd (SAGE_DEBUG=1 shows where)");
        assertThat(Failures.describe(new IOException())).startsWith("java.io.IOException");
    }

    @Test
    void itIsAlwaysOneLine() {
        assertThat(Failures.describe(new IOException("first\n  second\r\nthird")))
                .isEqualTo("first second third");
    }

    @Test
    void aFailedJobTellsOperatorRecordAndCause() {
        JobFailedException failed = failed("java.io.IOException: no space", new IOException("no space"));

        assertThat(Failures.describe(failed))
                .contains("operator 'parse'", "record 4711", "no space")
                .doesNotContain("caused by");
    }

    @Test
    void aCauseThatTheMessageLacksIsAdded() {
        assertThat(Failures.describe(failed("it failed", new IOException("no space"))))
                .endsWith("it failed, caused by java.io.IOException: no space");
    }

    private static JobFailedException failed(String message, Throwable cause) {
        JobFailure failure = new JobFailure(
                JobFailure.Origin.OPERATOR, "parse", 1, OptionalLong.of(4711), "apply", Optional.of(cause), message);
        return new JobFailedException(new JobResult(
                "7",
                "test",
                JobState.FAILED,
                "failed",
                Optional.of(failure),
                List.of(),
                List.of(),
                Map.of(),
                new CleanupReport(List.of()),
                Duration.ZERO));
    }
}
