package dev.sage.acceptance.graph;

import static org.awaitility.Awaitility.await;

import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * What is done to the job of a random graph while it runs.
 *
 * @param restsNs before each pause and each resume, or before the stop
 */
record Disturbance(Kind kind, List<Integer> restsNs) {
    enum Kind {
        NONE,
        PAUSES,
        STOP
    }

    private static final int LONGEST_REST_NS = 4_000_000;

    static Disturbance of(long seed) {
        // Not the numbers that make the graph.
        Random random = new Random(~seed);
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        int rests = kind == Kind.PAUSES ? 2 * random.nextInt(1, 4) : 1;
        return new Disturbance(
                kind,
                IntStream.range(0, rests)
                        .mapToObj(i -> random.nextInt(LONGEST_REST_NS))
                        .toList());
    }

    boolean isStop() {
        return kind == Kind.STOP;
    }

    /** A job that was to be stopped may have ended before. */
    Set<JobState> outcomes() {
        return isStop() ? Set.of(JobState.COMPLETED, JobState.STOPPED) : Set.of(JobState.COMPLETED);
    }

    void apply(JobHandle job) {
        switch (kind) {
            case NONE -> {}
            case PAUSES -> {
                for (int i = 0; i < restsNs.size(); i += 2) {
                    LockSupport.parkNanos(restsNs.get(i));
                    job.pause();
                    LockSupport.parkNanos(restsNs.get(i + 1));
                    job.resume();
                }
            }
            case STOP -> {
                // Before that there is nothing to drain, and no result.
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> !Set.of(JobState.QUEUED, JobState.STARTING).contains(job.state()));
                LockSupport.parkNanos(restsNs.get(0));
                job.stop();
            }
        }
    }
}
