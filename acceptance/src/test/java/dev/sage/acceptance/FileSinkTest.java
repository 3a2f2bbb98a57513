package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Sink;
import dev.sage.api.Sinks;
import dev.sage.testkit.Gate;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of a job's output is there whole or not at all. */
@SageTest
class FileSinkTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void choosePlace() {
        file = folder.resolve("out.txt");
    }

    @Test
    void completedJobReplacesTheFile(LocalEnvironment env) throws Exception {
        Files.writeString(file, "old\n");
        env.fromRange(0, 3).sink(Sinks.textLines(file));
        env.run();
        assertThat(file).hasContent("0\n1\n2\n");
        assertThat(folder()).containsExactly(file);
    }

    @Test
    void recordsAreWrittenAsJson(LocalEnvironment env) throws Exception {
        env.fromRange(0, 2).map(n -> new Point(n, "p" + n)).sink(Sinks.jsonLines(file));
        env.run();
        assertThat(file).hasContent("{\"x\":0,\"name\":\"p0\"}\n{\"x\":1,\"name\":\"p1\"}\n");
    }

    @Test
    void failedJobLeavesTheOldFileAndNothingHalfWritten(LocalEnvironment env) throws IOException {
        Files.writeString(file, "old\n");
        env.fromRange(0, 100_000)
                .map(n -> {
                    if (n == 99_999) {
                        throw new IOException("late");
                    }
                    return n;
                })
                .sink(Sinks.textLines(file));
        assertThatThrownBy(env::run).isInstanceOf(JobFailedException.class);
        assertThat(file).hasContent("old\n");
        assertThat(folder()).containsExactly(file);
    }

    @Test
    void failureInAnotherBranchLeavesNoFile(LocalEnvironment env) throws Exception {
        var numbers = env.fromRange(0, 1000);
        numbers.sink(Sinks.textLines(file));
        numbers.sink(new Sink<Long>() {
            @Override
            public void accept(Long value) {}

            @Override
            public void prepare() throws IOException {
                throw new IOException("last moment");
            }
        });
        assertThatThrownBy(env::run).isInstanceOf(JobFailedException.class);
        assertThat(folder()).isEmpty();
    }

    @Test
    void cancelledJobLeavesNoFile(LocalEnvironment env) throws Exception {
        try (Gate gate = Gate.closed("record 5")) {
            env.fromRange(0, 10)
                    .map(n -> {
                        if (n == 5) {
                            gate.pass();
                        }
                        return n;
                    })
                    .sink(Sinks.textLines(file));
            JobHandle job = env.submit();
            gate.awaitReached();
            job.cancel();
            assertThat(Jobs.end(job).state()).isEqualTo(JobState.CANCELLED);
        }
        assertThat(folder()).isEmpty();
    }

    @Test
    void missingFolderFailsTheJobAndIsNamed(LocalEnvironment env) throws IOException {
        env.fromRange(0, 10).sink(Sinks.textLines(folder.resolve("missing").resolve("out.txt")));
        assertThatThrownBy(env::run)
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining(folder.resolve("missing").toString());
        assertThat(folder()).isEmpty();
    }

    private List<Path> folder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    record Point(long x, String name) {}
}
