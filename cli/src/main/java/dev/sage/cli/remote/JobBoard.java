package dev.sage.cli.remote;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The jobs that have not ended, as {@code /v1/events} tells them: those that run before those that wait, the newest first,
 * and only so many. May be used from any thread.
 */
final class JobBoard {
    private static final Comparator<Json> ORDER = Comparator.<Json, Boolean>comparing(JobBoard::waits)
            .thenComparing(Comparator.<Json, String>comparing(job -> job.text("submittedAt"))
                    .reversed())
            .thenComparing(job -> job.text("id"));

    private final int most;
    private final Map<String, Json> jobs = new HashMap<>();
    private final Map<String, Json> work = new HashMap<>();

    JobBoard(int most) {
        this.most = most;
    }

    /** What the list says; what was known before is not true any more. */
    synchronized void reset(List<Json> listed) {
        jobs.clear();
        listed.forEach(job -> jobs.put(job.text("id"), job));
        work.keySet().retainAll(jobs.keySet());
        forgetLast();
    }

    /** One event of the stream. Answers whether more has changed than what a job has done. */
    synchronized boolean change(Json change) {
        Json job = change.at("job");
        String id = job.text("id");
        Json before = job.isTrue("running") ? jobs.put(id, job) : jobs.remove(id);
        if (job.isTrue("running") && change.at("done").isPresent()) {
            work.put(id, change.at("done"));
        } else {
            work.remove(id);
        }
        forgetLast();
        return !job.equals(before);
    }

    private void forgetLast() {
        if (jobs.size() > most) {
            List<Json> sorted = jobs();
            sorted.subList(most, sorted.size()).forEach(job -> jobs.remove(job.text("id")));
            work.keySet().retainAll(jobs.keySet());
        }
    }

    synchronized List<Json> jobs() {
        List<Json> sorted = new ArrayList<>(jobs.values());
        sorted.sort(ORDER);
        return sorted;
    }

    /** For example {@code 1.2M, 43%}; empty when nothing is known. */
    synchronized String done(String id) {
        Json done = work.getOrDefault(id, new Json(null));
        long total = done.number("bytesTotal");
        String records = done.number("records") == 0 ? "" : Amounts.of(done.number("records"));
        return total == 0 ? records : (records + ", " + 100 * done.number("bytesRead") / total + "%");
    }

    private static boolean waits(Json job) {
        return job.text("state").equals("QUEUED");
    }
}
