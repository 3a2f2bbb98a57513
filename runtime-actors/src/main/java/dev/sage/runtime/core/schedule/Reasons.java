package dev.sage.runtime.core.schedule;

import dev.sage.runtime.core.schedule.Decision.Candidate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decisions in words, with the numbers that they follow from. */
final class Reasons {
    private Reasons() {}

    /** Why a job could wait for ever. */
    static Optional<String> never(Shape shape, ScheduleLimits limits, Pool gpus, Pool ports) {
        for (Pool pool : List.of(gpus, ports)) {
            int asked = pool == gpus ? shape.gpus() : shape.ports();
            if (asked > pool.largest()) {
                return Optional.of("it asks for " + pool.kind().count(asked) + ", and " + are(pool.configured())
                        + " configured (" + pool.kind().setting() + "). Ask for fewer, or configure more");
            }
        }
        if (shape.gpus() > limits.maxGpusOfOwner()) {
            return Optional.of("it asks for " + gpus.kind().count(shape.gpus()) + ", and the jobs of one owner, here "
                    + shape.owner() + ", may have " + limits.maxGpusOfOwner()
                    + " together (sage.queue.max-gpus-per-owner). Ask for fewer, or raise the limit");
        }
        return Optional.empty();
    }

    static String tooManyWait(Schedule schedule) {
        return jobsRun(schedule.running(), "") + ", of " + schedule.limits().maxRunning()
                + " that may (sage.job.max-running), and " + schedule.waiting() + " wait, of "
                + schedule.limits().maxWaiting()
                + " that may (sage.job.max-waiting). Submit it again when some have ended, or raise the settings";
    }

    static String start(Placement job, Choice choice, @Nullable Placement head, long nowNs) {
        String gets = choice.shares().isEmpty() && choice.portsToFind().isEmpty()
                ? "it asks for no GPU and no port"
                : "it gets " + choice.shares()
                        + (choice.portsToFind().isEmpty() ? "" : " and ports to be found: " + choice.portsToFind());
        String waited = " after " + Duration.ofNanos(nowNs - job.submission().submittedNs());
        return head == null
                ? "its turn came" + waited + "; " + gets
                : gets + waited + ", of which job " + head.job() + ", whose turn it is, needs nothing";
    }

    static String wait(Shape shape, Wait wait, ScheduleLimits limits, Allotment now) {
        Pool gpus = now.gpus();
        Pool ports = now.ports();
        Owners.Use use = now.owners().of(shape.owner());
        return switch (wait.cause()) {
            case RUNNING ->
                jobsRun(now.running(), "") + ", of " + limits.maxRunning() + " that may (sage.job.max-running)";
            case RUNNING_OF_OWNER ->
                jobsRun(use.running(), " of its owner " + shape.owner()) + ", of " + limits.maxRunningOfOwner()
                        + " that may (sage.queue.max-running-per-owner)";
            case GPUS_OF_OWNER ->
                "it asks for " + gpus.kind().count(shape.gpus()) + ", and the jobs of its owner " + shape.owner()
                        + " have " + use.gpus() + " of the " + limits.maxGpusOfOwner()
                        + " that they may have (sage.queue.max-gpus-per-owner)";
            case GPUS -> "it asks for " + gpus.kind().count(shape.gpus()) + "; " + gpus.summary();
            case PORTS -> "it asks for " + ports.kind().count(shape.ports()) + "; " + ports.summary();
            case RESERVED ->
                "it asks for " + shape.demand() + ", and what is free is reserved for "
                        + (wait.other().isEmpty()
                                ? "an earlier job of its owner " + shape.owner()
                                : "job " + wait.other() + ", whose turn it is");
            case NOT_ACQUIRED -> "what was chosen for it could not be had";
        };
    }

    private static String jobsRun(int count, String whose) {
        return count + (count == 1 ? " job" + whose + " runs" : " jobs" + whose + " run");
    }

    private static String are(int count) {
        return count == 0 ? "none is" : count == 1 ? "1 is" : count + " are";
    }

    /**
     * All of a pool, and why each was chosen or not.
     *
     * @param open what may be given
     */
    static List<Candidate> candidates(Pool pool, Pool open, Set<Integer> chosen) {
        return pool.numbers().stream()
                .map(number -> new Candidate(new Thing(pool.kind(), number), verdict(pool, open, chosen, number)))
                .collect(Collectors.toList());
    }

    private static String verdict(Pool pool, Pool open, Set<Integer> chosen, int number) {
        if (chosen.contains(number)) {
            return "chosen";
        }
        String standing = pool.standing(number);
        return standing.equals(open.standing(number)) ? standing : standing + ", reserved for the job whose turn it is";
    }
}
