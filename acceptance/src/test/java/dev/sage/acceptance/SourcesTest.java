package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.MalformedRecordException;
import dev.sage.api.Rate;
import dev.sage.api.Results;
import dev.sage.api.Sinks;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generators, files by pattern and files of records, as parts of jobs. */
@SageTest
class SourcesTest {
    @TempDir
    private Path folder;

    record Point(long x, String name) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void generatorMakesEachNumberOnce(int parallelism, LocalEnvironment env) throws InterruptedException {
        Results<Long> unlimited = env.generate(Rate.unlimited(), 10_000, n -> n)
                .parallelism(parallelism)
                .collect();
        Results<Long> paced = env.generate(Rate.perSecond(10_000), 1_000, n -> n)
                .parallelism(parallelism)
                .collect();
        env.run();
        assertThat(unlimited)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 10_000).boxed().toList());
        assertThat(paced)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void restingGeneratorStopsAtOnce(LocalEnvironment env) throws InterruptedException {
        RecordingSink<Long> sink = new RecordingSink<>();
        env.generate(Rate.every(Duration.ofHours(1)), n -> n).sink(sink);
        JobHandle job = env.submit();
        await().until(() -> !sink.records().isEmpty());
        job.stop();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.STOPPED);
        assertThat(sink.records()).containsExactly(0L);
        assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
    }

    @Test
    void restingGeneratorIsCancelledAtOnce(LocalEnvironment env) throws InterruptedException {
        RecordingSink<Long> sink = new RecordingSink<>();
        env.generate(Rate.every(Duration.ofHours(1)), n -> n).parallelism(2).sink(sink);
        JobHandle job = env.submit();
        await().until(() -> !sink.records().isEmpty());
        job.cancel();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(sink.steps()).containsExactly("open", "abort");
    }

    @Test
    void pausedGeneratorGoesOnWithTheNextNumber(LocalEnvironment env) throws InterruptedException {
        RecordingSink<Long> sink = new RecordingSink<>();
        env.generate(Rate.perSecond(1_000), n -> n).sink(sink);
        JobHandle job = env.submit();
        await().until(() -> sink.records().size() > 10);
        job.pause();
        Jobs.awaitState(job, JobState.PAUSED);
        job.resume();
        int before = sink.records().size();
        await().until(() -> sink.records().size() > before + 10);
        job.stop();
        Jobs.end(job);
        assertThat(sink.records())
                .isEqualTo(LongStream.range(0, sink.records().size()).boxed().toList());
    }

    @Test
    void impossibleRatesAreRefusedWithTheirBounds(LocalEnvironment env) {
        assertThatThrownBy(() -> Rate.perSecond(0))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("0 records in PT1S")
                .hasMessageContaining("at least 1");
        assertThatThrownBy(() -> Rate.perSecond(1_000_000_001)).hasMessageContaining("1,000,000,000 a second");
        assertThatThrownBy(() -> Rate.every(Duration.ZERO)).hasMessageContaining("PT0S; it must be positive");
        assertThatThrownBy(() -> Rate.every(Duration.ofDays(2))).hasMessageContaining("at most PT24H");
        assertThatThrownBy(() -> env.generate(Rate.unlimited(), -1, n -> n)).hasMessageContaining("count -1");
    }

    @Test
    void patternWithoutMatchesFailsTheJob(LocalEnvironment env) {
        env.fromFiles(folder + "/*.txt").sink(n -> {});
        assertThatThrownBy(env::run)
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("'file-lines'")
                .hasMessageContaining("no file in '" + folder + "' matches");
    }

    @Test
    void malformedJsonFailsTheJobWithFileAndOffset(LocalEnvironment env) throws IOException {
        Path file = Files.writeString(folder.resolve("points.jsonl"), "{\"x\":1,\"name\":\"a\"}\n{\"x\":}\n");
        env.fromJsonLines(file, Point.class).sink(n -> {});
        assertThatThrownBy(env::run).isInstanceOf(JobFailedException.class).satisfies(thrown -> {
            assertThat(thrown).hasMessageContaining("'json-lines'").hasMessageContaining("record 1");
            assertThat(thrown.getCause()).isInstanceOfSatisfying(MalformedRecordException.class, malformed -> {
                assertThat(malformed.file()).isEqualTo(file);
                assertThat(malformed.offset()).isEqualTo(19);
            });
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void recordsGoThroughFilesUnchanged(int parallelism, LocalEnvironment env) throws Exception {
        Path csv = folder.resolve("points.csv");
        Path json = folder.resolve("points.jsonl");
        var points = env.fromRange(0, 5_000).map(SourcesTest::point);
        points.sink(Sinks.csv(csv, Point.class));
        points.sink(Sinks.jsonLines(json));
        env.run();

        Results<Point> fromCsv =
                env.fromCsv(csv, Point.class).parallelism(parallelism).collect();
        Results<Point> fromJson =
                env.fromJsonLines(json, Point.class).parallelism(parallelism).collect();
        var result = env.run();
        var expected = LongStream.range(0, 5_000).mapToObj(SourcesTest::point).toList();
        assertThat(fromCsv).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(fromJson).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(result.tasks().stream().mapToLong(task -> task.bytesRead()).sum())
                .isEqualTo(Files.size(csv) + Files.size(json))
                .isEqualTo(result.tasks().stream()
                        .mapToLong(task -> task.bytesTotal())
                        .sum());
    }

    @Test
    void failedJobLeavesNoCsv(LocalEnvironment env) {
        env.fromRange(0, 10).map(n -> point(100 / (n - 5))).sink(Sinks.csv(folder.resolve("points.csv"), Point.class));
        assertThatThrownBy(env::run).isInstanceOf(JobFailedException.class);
        assertThat(folder).isEmptyDirectory();
    }

    private static Point point(long n) {
        return new Point(n, "\"" + n + "\",\r\n→ " + n);
    }
}
