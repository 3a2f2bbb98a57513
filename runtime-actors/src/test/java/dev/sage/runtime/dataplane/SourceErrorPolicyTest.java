package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sage.api.DataStream;
import dev.sage.api.DeadLetter;
import dev.sage.api.Environment;
import dev.sage.api.ErrorCounts;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.InputFiles;
import dev.sage.api.JobFailure;
import dev.sage.api.Rate;
import dev.sage.api.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The error policies of sources that make their records: of lines, of rows, of numbers. */
@Timeout(60)
class SourceErrorPolicyTest {
    @TempDir
    private Path folder;

    record Item(int number) {
        @JsonCreator
        Item(@JsonProperty("number") int number) {
            if (number == 99) {
                throw new StackOverflowError("too deep");
            }
            this.number = number;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aLineThatIsNoRecordIsSkippedInWhateverPartOfTheFileItIs(int parallelism) throws Exception {
        Path file = file("{\"number\":1}", "no json", "{\"number\":2}", "null", "{\"number\":\"x\"}", "{\"number\":3}");
        Outcome<Item> outcome = run(env -> env.fromJsonLines(InputFiles.of(file), Item.class)
                .onError(ErrorPolicy.skip())
                .parallelism(parallelism)
                .name("items"));
        assertThat(outcome.records).extracting(Item::number).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(outcome.errors).isEqualTo(new ErrorCounts(3, 0, 0));
        assertThat(outcome.recordsIn).isEqualTo(6);
    }

    @Test
    void aDeadLetterHasTheRowAndTellsWhereItIs() throws Exception {
        Path file = file("number", "1", "two", "3", "four");
        List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
        Outcome<Item> outcome = run(env -> env.fromCsv(InputFiles.of(file), Item.class)
                .onError(ErrorPolicy.deadLetter(letters::add))
                .name("items"));
        assertThat(outcome.records).containsExactly(new Item(1), new Item(3));
        assertThat(outcome.errors).isEqualTo(new ErrorCounts(0, 0, 2));
        assertThat(letters).extracting(DeadLetter::value).containsExactly("two", "four");
        assertThat(letters).extracting(DeadLetter::ordinal).containsExactly(1L, 3L);
        assertThat(letters.get(0).error()).contains(file.toString()).contains("offset 9");
    }

    @Test
    void aHeaderIsNoRecordThatCouldBeSkipped() throws Exception {
        Path file = file("wrong", "1", "2");
        JobFailure failure = PlainJob.fail(
                Settings.tight(),
                env -> env.fromCsv(InputFiles.of(file), Item.class)
                        .onError(ErrorPolicy.skip())
                        .name("items")
                        .sink(item -> {}));
        assertThat(failure.describe()).contains("'items'").contains(file.toString());
    }

    @Test
    void anErrorFailsTheJobWhateverThePolicy() throws Exception {
        Path file = file("{\"number\":1}", "{\"number\":99}");
        JobFailure failure = PlainJob.fail(
                Settings.tight(),
                env -> env.fromJsonLines(InputFiles.of(file), Item.class)
                        .onError(ErrorPolicy.skip())
                        .name("items")
                        .sink(item -> {}));
        assertThat(failure.describe()).contains("'items'").contains("too deep");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aGeneratorTriesTheSameNumberAgainAndKeepsItsRate(int parallelism) throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        Outcome<Long> outcome = run(env -> env.generate(Rate.perSecond(5_000), 100, n -> {
                    if (calls.incrementAndGet() % 9 == 0) {
                        throw new IllegalStateException("at times");
                    }
                    return n;
                })
                .onError(ErrorPolicy.retry(20, Duration.ofMillis(1)))
                .parallelism(parallelism));
        assertThat(outcome.records).hasSize(100).doesNotHaveDuplicates();
        assertThat(outcome.errors.retried()).isEqualTo(calls.get() - 100);
    }

    @Test
    void aGeneratorThatWaitsHoldsNoThreadAndAStopEndsIt() throws InterruptedException {
        AtomicInteger others = new AtomicInteger();
        try (PlainJob job = PlainJob.of(Settings.of(1, 1, 1), env -> {
            env.<Long>generate(Rate.unlimited(), 10, n -> {
                        throw new IllegalStateException("always");
                    })
                    .onError(ErrorPolicy.retry(1, Duration.ofMinutes(30)))
                    .sink(n -> {});
            env.fromRange(0, 100).sink(n -> others.incrementAndGet());
        })) {
            job.start();
            await("the other stream").until(() -> others.get() == 100);
            job.tasks.forEach(TaskControl::stopSource);
            job.awaitEnd();
        }
    }

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("items.txt"), String.join("\n", lines) + "\n");
    }

    private record Outcome<T>(List<T> records, ErrorCounts errors, long recordsIn) {}

    private interface Graph<T> {
        DataStream<T> build(Environment env);
    }

    private static <T> Outcome<T> run(Graph<T> graph) throws InterruptedException {
        AtomicReference<Results<T>> results = new AtomicReference<>();
        try (PlainJob job = PlainJob.of(
                Settings.tight(), env -> results.set(graph.build(env).collect()))) {
            job.start();
            job.awaitEnd();
            long recordsIn = job.tasks.stream()
                    .filter(TaskControl::isSource)
                    .mapToLong(task -> task.report().recordsIn())
                    .sum();
            return new Outcome<>(results.get().list(), job.errors(), recordsIn);
        }
    }
}
