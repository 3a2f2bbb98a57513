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
                return Optional.of("it asks for " + pool.kind().count(asked) + ", and "
                        + pool.kind().count(pool.configured()) + " are configured. Ask for fewer, or configure more by "
                        + (pool == gpus ? "sage.gpus.ids" : "sage.ports.range"));
            }
        }
        if (shape.gpus() > limits.maxGpusOfOwner()) {
            return Optional.of("it asks for " + gpus.kind().count(shape.gpus()) + ", and the jobs of one owner, here "
                    + shape.owner() + ", may have " + limits.maxGpusOfOwner()
                    + " together. Ask for fewer, or raise sage.queue.max-gpus-per-owner");
        }
        return Optional.empty();
    }

    static String tooManyWait(Schedule schedule) {
        return schedule.running() + " jobs run and " + schedule.waiting()
                + " wait, which is all that sage.job.max-running and sage.job.max-waiting allow at present."
                + " Wait for some to end, or raise the settings";
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

    static String wait(
            Shape shape, Wait wait, ScheduleLimits limits, int running, Owners owners, Pool gpus, Pool ports) {
        Owners.Use use = owners.of(shape.owner());
        return switch (wait.cause()) {
            case RUNNING -> running + " jobs run, of " + limits.maxRunning() + " that may";
            case RUNNING_OF_OWNER ->
                use.running() + " jobs of its owner " + shape.owner() + " run, of " + limits.maxRunningOfOwner()
                        + " that may";
            case GPUS_OF_OWNER ->
                "it asks for " + gpus.kind().count(shape.gpus()) + ", and the jobs of its owner " + shape.owner()
                        + " have " + use.gpus() + " of the " + limits.maxGpusOfOwner() + " that they may have";
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
