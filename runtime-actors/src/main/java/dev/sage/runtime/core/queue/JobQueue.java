package dev.sage.runtime.core.queue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * First come, first started, with a bound on how many jobs run and how many wait. Immutable.
 *
 * @param waiting in the order of their submission
 */
public record JobQueue(int maxRunning, int maxWaiting, Set<String> running, Set<String> waiting) {

    public static JobQueue of(int maxRunning, int maxWaiting) {
        return new JobQueue(maxRunning, maxWaiting, Set.of(), Set.of());
    }

    public boolean isFull() {
        return running.size() >= maxRunning && waiting.size() >= maxWaiting;
    }

    public JobQueue submitted(String job) {
        if (isFull()) {
            throw new IllegalStateException("The queue is full.");
        }
        return new JobQueue(maxRunning, maxWaiting, running, plus(waiting, job));
    }

    /** Those whose turn it is. */
    public List<String> admissible() {
        return waiting.stream().limit(Math.max(0, maxRunning - running.size())).toList();
    }

    public JobQueue admitted(String job) {
        return new JobQueue(maxRunning, maxWaiting, plus(running, job), minus(waiting, job));
    }

    /** Ended, or withdrawn while it waited. */
    public JobQueue ended(String job) {
        return new JobQueue(maxRunning, maxWaiting, minus(running, job), minus(waiting, job));
    }

    private static Set<String> plus(Set<String> set, String job) {
        Set<String> more = new LinkedHashSet<>(set);
        more.add(job);
        return more;
    }

    private static Set<String> minus(Set<String> set, String job) {
        List<String> less = new ArrayList<>(set);
        less.remove(job);
        return new LinkedHashSet<>(less);
    }
}
