package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.DeadLetter;
import dev.sage.api.Environment;
import dev.sage.api.ErrorCounts;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.JobFailure;
import dev.sage.api.KeyValue;
import dev.sage.api.Results;
import dev.sage.api.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The policy of an operator by key, for the key function in front of it, which runs in the instances upstream. */
@Timeout(60)
class KeyErrorPolicyTest {
    private static final Duration BACKOFF = Duration.ofMillis(1);

    @Test
    void aKeyThatIsFoundAtARetryIsInOneInstanceOnly() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        AtomicReference<Results<KeyValue<Long, Long>>> counts = new AtomicReference<>();
        ErrorCounts errors = run(
                env -> env.fromRange(0, 100)
                        .parallelism(3)
                        .keyBy(n -> {
                            if (calls.incrementAndGet() % 7 == 0) {
                                throw new IllegalStateException("at times");
                            }
                            return n % 10;
                        })
                        .count()
                        .onError(ErrorPolicy.retry(20, BACKOFF))
                        .parallelism(4)
                        .collect(),
                counts);
        assertThat(counts.get().list()).hasSize(10).allMatch(count -> count.value() == 10);
        assertThat(errors.retried()).isPositive();
        assertThat(errors.skipped() + errors.deadLettered()).isZero();
    }

    @Test
    void aRecordWithoutAKeyIsNoReasonToOpenTheDeadLetterSinkTwice() throws InterruptedException {
        Letters letters = new Letters();
        AtomicReference<Results<Long>> kept = new AtomicReference<>();
        ErrorCounts errors = run(
                env -> env.fromRange(0, 20)
                        .parallelism(3)
                        .keyBy(n -> n % 5 == 0 ? null : n)
                        .map(n -> n)
                        .name("keyed")
                        .onError(ErrorPolicy.deadLetter(letters))
                        .collect(),
                kept);
        assertThat(kept.get().list()).hasSize(16).noneMatch(n -> n % 5 == 0);
        assertThat(letters.records).extracting(DeadLetter::value).containsExactlyInAnyOrder(0L, 5L, 10L, 15L);
        assertThat(letters.records).allSatisfy(letter -> {
            assertThat(letter.operator()).isEqualTo("keyed");
            assertThat(letter.error()).contains("null");
        });
        assertThat(errors).isEqualTo(new ErrorCounts(0, 0, 4));
        assertThat(letters.opened).hasValue(1);
    }

    @Test
    void aTypeThatCannotBeAKeyFailsTheJobWhateverThePolicy() throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                Settings.usual(),
                env -> env.fromRange(0, 10)
                        .<Object>keyBy(n -> n == 3 ? new AtomicInteger() : n)
                        .map(n -> n)
                        .name("keyed")
                        .onError(ErrorPolicy.skip())
                        .sink(n -> {}));
        assertThat(failure.describe()).contains("'keyed'").contains("record 3").contains("AtomicInteger");
    }

    private static final class Letters implements Sink<DeadLetter> {
        private static final long serialVersionUID = 1;

        final transient List<DeadLetter> records = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger opened = new AtomicInteger();

        @Override
        public int maxParallelism() {
            return 1;
        }

        @Override
        public void open() {
            opened.incrementAndGet();
        }

        @Override
        public void accept(DeadLetter letter) {
            records.add(letter);
        }
    }

    private interface Graph<T> {
        Results<T> build(Environment env);
    }

    private static <T> ErrorCounts run(Graph<T> graph, AtomicReference<Results<T>> results)
            throws InterruptedException {
        try (PlainJob job = PlainJob.of(Settings.tight(), env -> results.set(graph.build(env)))) {
            job.start();
            job.awaitEnd();
            return job.errors();
        }
    }
}
