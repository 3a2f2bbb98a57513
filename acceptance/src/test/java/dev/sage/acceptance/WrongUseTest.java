package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sage.api.DataStream;
import dev.sage.api.Emitter;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.Feedback;
import dev.sage.api.InputFiles;
import dev.sage.api.InvalidGraphException;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.MapFunction;
import dev.sage.api.Next;
import dev.sage.api.PerInstance;
import dev.sage.api.Results;
import dev.sage.api.SageException;
import dev.sage.api.Sinks;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.ExpectedLog;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.SageTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Mistakes are told before anything is started, with the name, the value, and what to do. */
@SageTest
class WrongUseTest {

    @Test
    void emptyJobIsRefused(LocalEnvironment env) {
        assertThatThrownBy(env::run)
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("is empty")
                .hasMessageContaining("env.from");
    }

    @Test
    void streamThatNobodyReadsIsRefusedByName(LocalEnvironment env) {
        env.fromRange(0, 10).map(n -> n).name("forgotten");
        assertThatThrownBy(env::run)
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'forgotten'")
                .hasMessageContaining("sink(");
    }

    @Test
    void operatorsOfOneNameAreRefused(LocalEnvironment env) {
        env.fromRange(0, 10).map(n -> n).name("twin").map(n -> n).name("twin").collect();
        assertThatThrownBy(env::run).isInstanceOf(InvalidGraphException.class).hasMessageContaining("'twin'");
    }

    @Test
    void servicesOfOneNameAreRefused(LocalEnvironment env, LifecycleProbe probe) {
        env.service("twin", probe.service("twin"));
        assertThatThrownBy(() -> env.service("twin", probe.service("twin")))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'twin'");
    }

    @Test
    void dependencyOnAnUnknownServiceIsRefused(LocalEnvironment env, LifecycleProbe probe) {
        env.service("index", probe.service("index")).dependsOn("stor");
        env.service("store", probe.service("store"));
        assertThatThrownBy(env::submit)
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'index'")
                .hasMessageContaining("'stor'")
                .hasMessageContaining("store");
        assertThat(probe.events()).isEmpty();
    }

    @Test
    void servicesThatDependOnEachOtherInACircleAreRefusedWithTheCircle(LocalEnvironment env, LifecycleProbe probe) {
        env.service("a", probe.service("a")).dependsOn("b");
        env.service("b", probe.service("b")).dependsOn("c");
        env.service("c", probe.service("c")).dependsOn("a");
        assertThatThrownBy(env::submit)
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("a → b → c → a");
    }

    @Test
    void streamOfASubmittedJobCannotBeExtended(LocalEnvironment env) throws InterruptedException {
        DataStream<Long> numbers = env.fromRange(0, 10);
        numbers.collect();
        env.run();
        assertThatThrownBy(() -> numbers.map(n -> n))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("has been submitted");
    }

    @Test
    void streamsOfTwoJobsCannotBeUnited(LocalEnvironment env) throws InterruptedException {
        DataStream<Long> old = env.fromRange(0, 10);
        old.collect();
        env.run();
        assertThatThrownBy(() -> env.fromRange(0, 10).union(old))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("another job");
    }

    @Test
    void refusedGraphIsNotForgotten(LocalEnvironment env) throws InterruptedException {
        DataStream<Long> numbers = env.fromRange(0, 10).name("numbers");
        assertThatThrownBy(env::run).isInstanceOf(InvalidGraphException.class);
        Results<Long> results = numbers.collect();
        env.run();
        assertThat(results).hasSize(10);
    }

    @Test
    void parallelismBelowOneIsRefused(LocalEnvironment env) {
        DataStream<Long> numbers = env.fromRange(0, 10).name("numbers");
        assertThatThrownBy(() -> numbers.parallelism(0))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'numbers'")
                .hasMessageContaining("0");
    }

    @Test
    void parallelismAboveTheSettingIsRefusedWithItsKey(LocalEnvironment env) {
        env.fromRange(0, 10).parallelism(100_000).name("numbers").collect();
        assertThatThrownBy(env::run)
                .isInstanceOf(SageException.class)
                .hasMessageContaining("numbers")
                .hasMessageContaining("100000")
                .hasMessageContaining("sage.job.max-parallelism");
    }

    @Test
    void sinkThatOwnsAFileHasParallelismOne(LocalEnvironment env) {
        env.fromRange(0, 10)
                .sink(Sinks.textLines(Path.of("unused.txt")))
                .parallelism(2)
                .name("file");
        assertThatThrownBy(env::run)
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'file'")
                .hasMessageContaining("2");
    }

    @Test
    void keptServiceThatIsNotDeclaredIsRefused(LocalEnvironment env) {
        env.fromRange(0, 10).collect();
        SubmitOptions options = SubmitOptions.autostop().keepServices("index");
        assertThatThrownBy(() -> env.run(options))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("index");
    }

    @Test
    void timeoutOfAnUnknownPhaseIsRefused(LocalEnvironment env) {
        env.fromRange(0, 10).collect();
        SubmitOptions options = SubmitOptions.autostop().phaseTimeout("stop-servises", Duration.ofSeconds(1));
        assertThatThrownBy(() -> env.run(options))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("stop-servises");
    }

    @Test
    void proxyNeedsAnInterface(LocalEnvironment env, LifecycleProbe probe) {
        var service = env.service("echo", probe.service("echo"));
        assertThatThrownBy(() -> service.as(String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'echo'")
                .hasMessageContaining("interface");
    }

    @Test
    void unknownSettingIsRefusedByItsKey() {
        assertThatThrownBy(() -> LocalEnvironment.create("wrong", Map.of("sage.exchange.batch-recordz", 1)))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("sage.exchange.batch-recordz");
    }

    @Test
    void settingOutOfBoundsIsRefusedByItsKeyAndValue() {
        assertThatThrownBy(() -> LocalEnvironment.create("wrong", Map.of("sage.exchange.batch-records", 0)))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("sage.exchange.batch-records")
                .hasMessageContaining("0");
    }

    @Test
    void overdrawBeyondItsLimitFailsTheJobByNameAndSetting() {
        try (LocalEnvironment env =
                LocalEnvironment.create("overdraw", Map.of("sage.exchange.overdraw-records", 100))) {
            env.fromRange(0, 1)
                    .flatMap((Long n, Emitter<Long> out) -> {
                        for (long i = 0; i < 1_000_000; i++) {
                            out.emit(i);
                        }
                    })
                    .name("flood")
                    .parallelism(2)
                    .keyBy(n -> n)
                    .map(n -> n)
                    .collect();
            assertThatThrownBy(env::run)
                    .hasMessageContaining("flood")
                    .hasMessageContaining("sage.exchange.overdraw-records");
        }
    }

    @Test
    void collectBeyondItsLimitFailsTheJobBySetting() {
        try (LocalEnvironment env = LocalEnvironment.create("collect", Map.of("sage.collect.max-records", 10))) {
            env.fromRange(0, 11).collect();
            assertThatThrownBy(env::run).hasMessageContaining("sage.collect.max-records");
        }
    }

    @Test
    @ExpectedLog("share one")
    void mutableFunctionThatInstancesShareIsWarnedAboutByOperatorAndField(LocalEnvironment env) throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.sage");
        lines.start();
        logger.addAppender(lines);
        try {
            env.fromRange(0, 10)
                    .parallelism(2)
                    .map(new Counter())
                    .name("count")
                    .parallelism(2)
                    .sink(n -> {});
            env.run();
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list)
                .filteredOn(line -> line.getLevel() == Level.WARN)
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage())
                        .contains("'count'")
                        .contains("'seen'")
                        .contains("PerInstance.of"));
    }

    @Test
    void functionOfEachInstanceIsNotWarnedAbout(LocalEnvironment env) throws InterruptedException {
        Results<Long> counts = env.fromRange(0, 10)
                .parallelism(2)
                .map(PerInstance.of(Counter::new))
                .parallelism(2)
                .collect();
        env.run();
        assertThat(counts).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 1L, 2L, 3L, 4L, 5L);
    }

    private static final class Counter implements MapFunction<Long, Long> {
        private static final long serialVersionUID = 1;

        private long seen;

        @Override
        public Long apply(Long value) {
            return ++seen;
        }
    }

    @Test
    void typeThatCannotBeAKeyIsRefusedBeforeAnythingIsStarted(LocalEnvironment env) {
        env.fromRange(0, 10).keyBy(n -> new long[] {n}).count().name("counts").collect();
        assertThatThrownBy(env::submit)
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'counts'")
                .hasMessageContaining("long[]")
                .hasMessageContaining("record");
    }

    @Test
    void policyOfAnOperatorWithoutAFunctionIsRefused(LocalEnvironment env) {
        DataStream<Long> numbers = env.fromRange(0, 10).name("numbers");
        assertThatThrownBy(() -> numbers.onError(ErrorPolicy.skip()))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'numbers'")
                .hasMessageContaining("onError");
    }

    @Test
    void policyOfALoopIsRefused(LocalEnvironment env) {
        Feedback<Long> loop = env.fromRange(0, 10).feedback("again");
        assertThatThrownBy(() -> loop.onError(ErrorPolicy.skip()))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'again'")
                .hasMessageContaining("onError");
    }

    @Test
    void policyOfASourceThatIsAFunctionIsRefusedWithWhatToDoInstead(LocalEnvironment env) {
        DataStream<Long> batch = env.<Long>fromBatch(Next::end).name("orders");
        assertThatThrownBy(() -> batch.onError(ErrorPolicy.skip()))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'orders'")
                .hasMessageContaining("same record again")
                .hasMessageContaining("Next.nothingFor");
        DataStream<Long> source = env.<Long>fromSource(Next::end).name("events");
        assertThatThrownBy(() -> source.onError(ErrorPolicy.retry(3, Duration.ofMillis(1))))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'events'")
                .hasMessageContaining("Next.nothingFor");
    }

    @Test
    void policyOfPlainLinesIsRefusedForNothingIsMadeOfThem(LocalEnvironment env) {
        DataStream<String> lines =
                env.fromFiles(InputFiles.of(Path.of("unused.txt"))).name("lines");
        assertThatThrownBy(() -> lines.onError(ErrorPolicy.skip()))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'lines'")
                .hasMessageContaining("right after the operator");
    }

    @Test
    void retryOfALineIsRefusedForItWouldFailAgain(LocalEnvironment env) {
        DataStream<String> rows = env.fromJsonLines(InputFiles.of(Path.of("unused.jsonl")), String.class)
                .name("rows");
        assertThatThrownBy(() ->
                        rows.onError(ErrorPolicy.retry(3, Duration.ofMillis(1)).orSkip()))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'rows'")
                .hasMessageContaining("ErrorPolicy.skip()")
                .hasMessageContaining("ErrorPolicy.deadLetter");
    }

    @Test
    void deadLetterFileOfAParallelOperatorIsRefused(LocalEnvironment env) {
        env.fromRange(0, 10)
                .map(n -> n)
                .onError(ErrorPolicy.deadLetter(Sinks.jsonLines(Path.of("unused.jsonl"))))
                .name("parse")
                .parallelism(2)
                .collect();
        assertThatThrownBy(env::submit)
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'parse'")
                .hasMessageContaining("dead-letter sink allows 1");
    }

    @Test
    void retriesOutOfBoundsAreRefusedWithTheirValues() {
        assertThatThrownBy(() -> ErrorPolicy.retry(0, Duration.ofMillis(1)))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("retry(0");
        assertThatThrownBy(() -> ErrorPolicy.retry(1, Duration.ofMillis(-1)))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("backoff")
                .hasMessageContaining("PT-0.001S");
    }
}
