package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.ErrorPolicy;
import dev.sage.api.GeneratorFunction;
import dev.sage.api.Rate;
import dev.sage.api.graph.Operator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A generator on a clock that the test moves. */
class GeneratorHeadTest {
    private static final long SECOND = 1_000_000_000;

    private final List<Object> records = new ArrayList<>();
    private final List<Long> rests = new ArrayList<>();
    private final List<Future<?>> alarms = new ArrayList<>();
    private long now = 17;

    @Test
    void emitsAtItsRateAndRestsInBetween() {
        GeneratorHead head = head(Rate.perSecond(4), Long.MAX_VALUE, 0, 1);
        assertThat(step(head)).isEqualTo(Head.Step.DRY);
        assertThat(records).containsExactly(0L);
        assertThat(rests).containsExactly(SECOND / 4);

        now += SECOND / 4 - 1;
        assertThat(step(head)).isEqualTo(Head.Step.DRY);
        assertThat(records).hasSize(1);

        for (int i = 0; i < 400; i++) {
            now += SECOND / 4;
            step(head);
        }
        assertThat(records).hasSize(401).startsWith(0L, 1L, 2L);
        assertThat(alarms.subList(0, alarms.size() - 1)).allMatch(Future::isCancelled);
    }

    @Test
    void highRateComesInBurstsOfAMillisecond() {
        GeneratorHead head = head(Rate.perSecond(1_000_000), Long.MAX_VALUE, 0, 1);
        step(head);
        assertThat(rests).containsExactly(1_000_000L);
        now += 1_000_000;
        step(head);
        assertThat(records).hasSize(1 + 1_000);
    }

    @Test
    void instancesDivideTheNumbersAndTheRate() {
        List<Object> all = new ArrayList<>();
        for (int instance = 0; instance < 3; instance++) {
            records.clear();
            GeneratorHead head = head(Rate.perSecond(10), 25, instance, 3);
            long begin = now;
            step(head);
            now = begin + SECOND;
            step(head);
            // Of the records 0 to 10, which are due within the first second.
            assertThat(records).hasSize(instance < 2 ? 4 : 3);
            now = begin + 2 * SECOND;
            step(head);
            now = begin + 3 * SECOND;
            assertThat(step(head)).isEqualTo(Head.Step.ENDED);
            all.addAll(records);
            now = begin;
        }
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 25).boxed().toList());
    }

    @Test
    void pauseEndsTheRestAndIsNotMadeUpFor() {
        GeneratorHead head = head(Rate.perSecond(10), Long.MAX_VALUE, 0, 1);
        step(head);
        head.pause();
        assertThat(alarms).allMatch(Future::isCancelled);
        now += 3_600 * SECOND;
        head.resume();
        step(head);
        assertThat(records).hasSize(2);
        assertThat(rests).last().isEqualTo(SECOND / 10);
    }

    @Test
    void stallIsMadeUpForWithinTheLimit() {
        GeneratorHead head = head(Rate.perSecond(1_000), Long.MAX_VALUE, 0, 1);
        step(head);
        now += 3_600 * SECOND;
        step(head);
        assertThat(records).hasSize(1 + 1_001);
    }

    @Test
    void endsAfterItsCountAndAfterAStop() {
        assertThat(step(head(Rate.unlimited(), 3, 0, 1))).isEqualTo(Head.Step.ENDED);
        assertThat(records).containsExactly(0L, 1L, 2L);
        assertThat(step(head(Rate.unlimited(), 0, 0, 1))).isEqualTo(Head.Step.ENDED);

        GeneratorHead head = head(Rate.every(Duration.ofHours(1)), Long.MAX_VALUE, 0, 1);
        step(head);
        head.stop();
        assertThat(step(head)).isEqualTo(Head.Step.ENDED);
        head.close();
        assertThat(alarms).allMatch(Future::isCancelled);
    }

    @Test
    void failingFunctionIsNamedWithTheRecord() {
        GeneratorHead failing = head(Rate.unlimited(), 10, 0, 1, n -> {
            if (n == 4) {
                throw new IllegalStateException("no four");
            }
            return n;
        });
        assertThatThrownBy(() -> step(failing))
                .isInstanceOfSatisfying(
                        OperatorException.class,
                        thrown -> assertThat(thrown.failure().describe()).contains("'numbers'", "record 4", "no four"));
        GeneratorHead none = head(Rate.unlimited(), 10, 0, 1, n -> null);
        assertThatThrownBy(() -> step(none)).hasMessageContaining("answered null to 0");
    }

    private Head.Step step(Head head) {
        Head.Step step = Head.Step.HELD;
        while (step == Head.Step.HELD) {
            flow.beginTurn();
            step = head.step();
        }
        return step;
    }

    private final Flow flow = new Flow(SECOND);

    private GeneratorHead head(Rate rate, long count, int instance, int parallelism) {
        return head(rate, count, instance, parallelism, n -> n);
    }

    private GeneratorHead head(Rate rate, long count, int instance, int parallelism, GeneratorFunction<?> function) {
        OperatorInstance self = new OperatorInstance("numbers", instance, 0);
        RecordErrors errors = new RecordErrors(self, flow, ErrorPolicy.fail(), null);
        return new GeneratorHead(
                self,
                new Operator.GeneratorSource(rate, count, function),
                parallelism,
                SECOND,
                () -> now,
                this::rest,
                new Attempts(errors, nanoTime -> {}),
                flow,
                new Stage() {
                    @Override
                    void accept(Object value) {
                        records.add(value);
                    }
                });
    }

    private Future<?> rest(long nanos) {
        rests.add(nanos);
        Future<?> alarm = new CompletableFuture<>();
        alarms.add(alarm);
        return alarm;
    }
}
