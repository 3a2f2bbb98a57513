package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.Feedback;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Next;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.SageTest;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A pause holds the sources of a job with a loop: what goes round runs out, and the loop does not take that for its end. */
@SageTest(settings = {"sage.exchange.batch-records=1", "sage.exchange.channel-batches=1"})
class PausedLoopTest {
    private static final long MOST_ROUNDS = 5;

    private record Round(long number, long left) {}

    private final AtomicLong emitted = new AtomicLong();
    /** A source that is paused keeps for later what its function had answered already. */
    private final AtomicLong entered = new AtomicLong();

    private final AtomicLong last = new AtomicLong(Long.MAX_VALUE);
    private final RecordingSink<Long> sink = new RecordingSink<>();

    @Test
    void pausedItEmitsNothingAndResumedItEndsWithTheExactResult(LocalEnvironment env) throws InterruptedException {
        JobHandle job = pausedAmidTheStream(env);
        long held = Jobs.awaitStill(sink);
        assertThat(counts()).isEqualTo(expected());
        assertThat(job.state()).isEqualTo(JobState.PAUSED);

        job.resume();
        await().until(() -> sink.records().size() > held + 20);
        job.pause();
        Jobs.awaitState(job, JobState.PAUSED);
        Jobs.awaitStill(sink);
        assertThat(counts()).isEqualTo(expected());
        last.set(emitted.get() + 50);
        job.resume();

        assertThat(Jobs.end(job).state()).isEqualTo(JobState.COMPLETED);
        assertThat(entered.get()).isEqualTo(emitted.get()).isEqualTo(last.get());
        assertThat(counts()).isEqualTo(expected());
        assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
    }

    @Test
    void aStopWhilePausedLetsTheLoopRunOut(LocalEnvironment env) throws InterruptedException {
        JobHandle job = pausedAmidTheStream(env);

        job.stop();

        assertThat(Jobs.end(job).state()).isEqualTo(JobState.STOPPED);
        assertThat(counts()).isEqualTo(expected());
        assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
    }

    @Test
    void aCancelWhilePausedEndsIt(LocalEnvironment env) throws InterruptedException {
        JobHandle job = pausedAmidTheStream(env);

        job.cancel();

        assertThat(Jobs.end(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(sink.steps()).containsExactly("open", "abort");
    }

    /** Each number comes out once for each round that it goes, and once more. */
    private JobHandle pausedAmidTheStream(LocalEnvironment env) {
        Feedback<Round> loop = env.<Long>fromSource(this::next)
                .map(n -> {
                    entered.incrementAndGet();
                    return new Round(n, n % MOST_ROUNDS);
                })
                .feedback("countdown")
                .parallelism(2);
        loop.closeWith(loop.filter(round -> round.left > 0)
                .parallelism(2)
                .keyBy(Round::number)
                .map(round -> new Round(round.number, round.left - 1))
                .parallelism(3));
        loop.map(Round::number).sink(sink);
        JobHandle job = env.submit(SubmitOptions.autostop());
        Jobs.awaitState(job, JobState.RUNNING);
        await().until(() -> sink.records().size() > 20);
        job.pause();
        Jobs.awaitState(job, JobState.PAUSED);
        return job;
    }

    private Next<Long> next() {
        if (emitted.get() >= last.get()) {
            return Next.end();
        }
        return Next.of(emitted.getAndIncrement());
    }

    private Map<Long, Long> expected() {
        return LongStream.range(0, entered.get()).boxed().collect(Collectors.toMap(n -> n, n -> n % MOST_ROUNDS + 1));
    }

    private Map<Long, Long> counts() {
        return sink.records().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
