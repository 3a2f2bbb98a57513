package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sage.api.Aggregator;
import dev.sage.api.Emitter;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobFailure;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Next;
import dev.sage.api.Sink;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An exception of a user's function, wherever it is thrown, ends the job FAILED with that very exception, with who threw
 * it and at which record, and with everything else cleaned up.
 */
@SageTest
class UserExceptionTest {
    private static final OptionalLong ANY_ORDINAL = OptionalLong.of(-1);
    private static final OptionalLong NO_RECORD = OptionalLong.empty();
    private static final OptionalLong SEVENTH = OptionalLong.of(7);

    /** The operator that throws is always named {@code culprit}; what it reads are the numbers from 0 to 9. */
    record Case(String where, OptionalLong ordinal, Pipeline pipeline) {
        @Override
        public String toString() {
            return where;
        }
    }

    @FunctionalInterface
    interface Pipeline {
        void build(LocalEnvironment env, Exception failure, Sink<Object> sink);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void exceptionEndsTheJobFailedWithItsCauseAndPlaceAndEverythingElseIsCleaned(
            Case failing, LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        IOException failure = new IOException("thrown in " + failing.where());
        RecordingSink<Object> sink = new RecordingSink<>();
        env.service("index", probe.service("index"));
        failing.pipeline().build(env, failure, sink);

        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);

        assertThat(thrown).isNotNull();
        assertThat(thrown.getCause()).isSameAs(failure);
        JobResult result = thrown.result();
        assertThat(result.state()).isEqualTo(JobState.FAILED);
        JobFailure told = result.failure().orElseThrow();
        assertThat(told.cause()).containsSame(failure);
        assertThat(told.origin()).isEqualTo(JobFailure.Origin.OPERATOR);
        assertThat(told.name()).isEqualTo("culprit");
        assertThat(told.instance()).isZero();
        if (!failing.ordinal().equals(ANY_ORDINAL)) {
            assertThat(told.ordinal()).isEqualTo(failing.ordinal());
        }
        assertThat(thrown).hasMessageContaining("culprit").hasMessageContaining(failure.getMessage());
        assertThat(result.clean()).as(() -> result.cleanup().toString()).isTrue();
        assertThat(probe.life("index")).livedWholly();
        assertThat(sink.steps())
                .as("a sink that was opened, elsewhere in the job")
                .doesNotContain("commit");
        assertThat(sink.steps().contains("abort")).isEqualTo(sink.steps().contains("open"));
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("next of a batch source", ANY_ORDINAL, (env, failure, sink) -> {
                    AtomicLong calls = new AtomicLong();
                    env.fromBatch(() -> calls.incrementAndGet() > 3 ? raise(failure) : Next.of(1L))
                            .name("culprit")
                            .sink(sink);
                }),
                new Case("next of a source", ANY_ORDINAL, (env, failure, sink) -> {
                    AtomicLong calls = new AtomicLong();
                    env.fromSource(() -> calls.incrementAndGet() > 3 ? raise(failure) : Next.of(1L))
                            .name("culprit")
                            .sink(sink);
                }),
                new Case(
                        "map",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .map(n -> n == 7 ? raise(failure) : n)
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "filter",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .filter(n -> n == 7 ? raise(failure) : true)
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "flatMap",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .flatMap((Long n) -> n == 7 ? raise(failure) : List.of(n, n))
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "iterator of a flatMap",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .flatMap((Long n) -> () -> Stream.of(n, n)
                                        .peek(m -> {
                                            if (m == 7) {
                                                sneak(failure);
                                            }
                                        })
                                        .iterator())
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "emit",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .flatMap((Long n, Emitter<Long> out) -> {
                                    out.emit(n);
                                    if (n == 7) {
                                        throw failure;
                                    }
                                })
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "mapAsync",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .mapAsync(3, n -> n == 7 ? raise(failure) : n)
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "mapAsyncUnordered",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .mapAsyncUnordered(3, n -> n == 7 ? raise(failure) : n)
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "key function",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .keyBy(n -> n == 7 ? raise(failure) : n)
                                .map(n -> n)
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "key function of a reduce",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .keyBy(n -> n == 7 ? raise(failure) : n)
                                .reduce(Long::sum)
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "reduce",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .keyBy(n -> n % 2)
                                .reduce((left, right) -> right == 7 ? raise(failure) : left + right)
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "create of an aggregator",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .keyBy(n -> n == 7)
                                .aggregate(new Failing(failure, "create"))
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "add of an aggregator",
                        SEVENTH,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .keyBy(n -> n == 7)
                                .aggregate(new Failing(failure, "add"))
                                .name("culprit")
                                .sink(sink)),
                new Case(
                        "result of an aggregator",
                        ANY_ORDINAL,
                        (env, failure, sink) -> env.fromRange(0, 10)
                                .keyBy(n -> n == 7)
                                .aggregate(new Failing(failure, "result"))
                                .name("culprit")
                                .sink(sink)),
                new Case("open of a sink", NO_RECORD, (env, failure, sink) -> sinks(env, failure, sink, "open")),
                new Case("accept of a sink", SEVENTH, (env, failure, sink) -> sinks(env, failure, sink, "accept")),
                new Case("prepare of a sink", NO_RECORD, (env, failure, sink) -> sinks(env, failure, sink, "prepare")));
    }

    @Test
    void commitThatThrowsEndsTheJobFailed(LocalEnvironment env, LifecycleProbe probe) {
        IOException failure = new IOException("cannot rename");
        env.service("index", probe.service("index"));
        FailingSink sink = new FailingSink(failure, "commit");
        env.fromRange(0, 10).sink(sink).name("culprit");

        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);

        assertThat(thrown.getCause()).isSameAs(failure);
        assertThat(thrown.result().failure().orElseThrow().name()).isEqualTo("culprit");
        assertThat(thrown.result().failure().orElseThrow().step()).isEqualTo("commit");
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void failureNamesTheParallelInstanceAndTheOrdinalInIt(LocalEnvironment env) {
        IOException failure = new IOException("25");
        env.fromRange(0, 30)
                .parallelism(3)
                .map(n -> n == 25 ? raise(failure) : n)
                .parallelism(3)
                .name("culprit")
                .collect();

        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);

        JobFailure told = thrown.result().failure().orElseThrow();
        assertThat(told.instance()).isEqualTo(2);
        assertThat(told.ordinal()).hasValue(5);
        assertThat(told.describe()).contains("operator 'culprit' (instance 2, record 5), ");
    }

    @Test
    void missingFileIsNamed(LocalEnvironment env) {
        env.fromFile(Path.of("does-not-exist.txt")).name("lines").collect();
        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);
        assertThat(thrown).hasMessageContaining("does-not-exist.txt").hasMessageContaining("lines");
        assertThat(thrown.getCause()).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void nullResultOfAMapFailsTheJobByName(LocalEnvironment env) {
        env.fromRange(0, 10).map(n -> n == 7 ? null : n).name("culprit").collect();
        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);
        JobFailure told = thrown.result().failure().orElseThrow();
        assertThat(told.name()).isEqualTo("culprit");
        assertThat(told.ordinal()).hasValue(7);
    }

    @Test
    void keyWithoutAStableHashFailsTheJobAndItsTypeIsNamed(LocalEnvironment env) {
        env.fromRange(0, 10).keyBy(n -> new Object()).count().collect();
        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);
        assertThat(thrown).hasMessageContaining("java.lang.Object");
    }

    private static void sinks(LocalEnvironment env, Exception failure, Sink<Object> other, String step) {
        var numbers = env.fromRange(0, 10);
        numbers.sink(other).name("other");
        numbers.sink(new FailingSink(failure, step)).name("culprit");
    }

    /** Of any type, to stand where a value is expected. */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    private static <T> T raise(Exception failure) throws Exception {
        throw failure;
    }

    /** For places whose methods declare no exceptions. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    private record Failing(Exception failure, String where, AtomicLong created)
            implements Aggregator<Long, Long, Long> {
        Failing(Exception failure, String where) {
            this(failure, where, new AtomicLong());
        }

        private long at(String step, long value) throws Exception {
            return step.equals(where) ? raise(failure) : value;
        }

        @Override
        public Long create() throws Exception {
            // The keys are "is 7" and "is not 7", and so 7 is the first record of the second key.
            return created.incrementAndGet() == 2 ? at("create", 0) : 0;
        }

        @Override
        public Long add(Long accumulator, Long value) throws Exception {
            return value == 7 ? at("add", accumulator + value) : accumulator + value;
        }

        @Override
        public Long result(Long accumulator) throws Exception {
            return at("result", accumulator);
        }
    }

    private record FailingSink(Exception failure, String where) implements Sink<Object> {
        private void at(String step) throws Exception {
            if (step.equals(where)) {
                throw failure;
            }
        }

        @Override
        public void accept(Object value) throws Exception {
            if (value.equals(7L)) {
                at("accept");
            }
        }

        @Override
        public void open() throws Exception {
            at("open");
        }

        @Override
        public void prepare() throws Exception {
            at("prepare");
        }

        @Override
        public void commit() throws Exception {
            at("commit");
        }
    }
}
