package dev.sage.acceptance;

import static org.awaitility.Awaitility.await;

import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.Next;
import dev.sage.api.SourceFunction;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** What tests of jobs have in common. */
final class Jobs {
    private static final Duration BOUND = Duration.ofSeconds(20);

    private Jobs() {}

    static void awaitState(JobHandle job, JobState state) {
        await("job in state " + state).atMost(BOUND).until(() -> job.state() == state);
    }

    /** The result of a job that has to end soon, however it ends. */
    static JobResult end(JobHandle job) throws InterruptedException {
        try {
            return job.awaitClean(BOUND);
        } catch (JobFailedException e) {
            return e.result();
        } catch (TimeoutException e) {
            throw new AssertionError("Job hangs, progress " + job.progress(), e);
        }
    }

    /** How many records there are when no more have come for a while. */
    static long awaitStill(RecordingSink<?> sink) {
        AtomicLong last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(100))
                .until(() ->
                        last.getAndSet(sink.records().size()) == sink.records().size());
        return last.get();
    }

    /** Counts up without an end, about one record in a tenth of a millisecond. */
    static SourceFunction<Long> endless() {
        AtomicLong next = new AtomicLong();
        return () -> {
            long n = next.getAndIncrement();
            return n % 2 == 0 ? Next.of(n / 2) : Next.nothingFor(Duration.ofNanos(100_000));
        };
    }
}
