package dev.sage.node.job;

import dev.sage.api.JobState;
import dev.sage.node.core.NewJob;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.apache.pekko.Done;

/** The jobs that the node has in memory, and whether more may come and start. */
final class LiveJobs {
    private final int endedKept;
    /** With some that have ended, so that who follows them need not begin anew. */
    private final Map<String, LiveJob> jobs = new ConcurrentHashMap<>();

    private final Deque<String> ended = new ArrayDeque<>();
    private final Map<JobState, LongAdder> endedCounts = new ConcurrentHashMap<>();
    private final AtomicLong graphBytes = new AtomicLong();
    private volatile boolean stopping;

    /** @param endedKept how many that have ended are kept */
    LiveJobs(int endedKept) {
        this.endedKept = endedKept;
    }

    void add(LiveJob job) {
        graphBytes.addAndGet(job.job().graphBytes());
        jobs.put(job.id(), job);
    }

    /** What the graphs take that are in the journal, of the jobs that have not ended. */
    long graphBytes() {
        return graphBytes.get();
    }

    Optional<LiveJob> find(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** That which was submitted with this idempotency key. */
    Optional<LiveJob> findByKey(String key) {
        return jobs.values().stream()
                .filter(job -> job.job().key().filter(key::equals).isPresent())
                .findFirst();
    }

    /** With those that have ended and are still here. */
    Collection<LiveJob> all() {
        return jobs.values();
    }

    /** @param job as it was until now */
    void countEnd(NewJob job, JobState state) {
        graphBytes.addAndGet(-job.graphBytes());
        endedCounts.computeIfAbsent(state, first -> new LongAdder()).increment();
    }

    /** The history has it: until now only this memory told of its end. */
    void archived(String id) {
        synchronized (ended) {
            ended.add(id);
            while (ended.size() > endedKept) {
                jobs.remove(ended.remove());
            }
        }
    }

    /** Those that have not ended, and all that have since the start of the node, by state. */
    Map<JobState, Long> counts() {
        Map<JobState, Long> counts = new EnumMap<>(JobState.class);
        endedCounts.forEach((state, count) -> counts.put(state, count.sum()));
        jobs.values().stream()
                .filter(job -> !job.hasEnded())
                .forEach(job -> counts.merge(job.view().state(), 1L, Long::sum));
        return counts;
    }

    /** From now on none is taken, and none that waits is started: these stay in the queue, for the next node. */
    void stopIntake() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    CompletionStage<Done> allWritten() {
        return written(job -> true);
    }

    CompletionStage<Done> startedEnded() {
        return written(LiveJob::isStartAsked);
    }

    private CompletionStage<Done> written(Predicate<LiveJob> which) {
        return CompletableFuture.allOf(jobs.values().stream()
                        .filter(which)
                        .map(LiveJob::written)
                        .toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> Done.getInstance());
    }
}
