package dev.sage.runtime.core.schedule;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a schedule is asked, and what it is told. What comes too late changes nothing. */
public sealed interface ScheduleCommand {
    record Submit(Submission submission) implements ScheduleCommand {}

    /**
     * The answer to {@link ScheduleEffect.Acquire}: all is locked, was seen to be free and stands in the ledger.
     *
     * @param foundPorts of each holder, as many as were to be found
     */
    record Acquired(String job, Map<String, List<Integer>> foundPorts) implements ScheduleCommand {
        public Acquired(String job) {
            this(job, Map.of());
        }
    }

    /** The other answer: these could not be had, and the rest was given back. */
    record AcquireFailed(String job, List<Trouble> troubles) implements ScheduleCommand {}

    /** The third answer: nothing can be acquired at all, as when the ledger cannot be written. */
    record AcquireImpossible(String job, String reason) implements ScheduleCommand {}

    /**
     * The job has ended, wherever it was: one that waits is withdrawn.
     *
     * @param kept the holders that live on with what they have, until they are told to be released
     */
    record Ended(String job, Set<String> kept) implements ScheduleCommand {}

    /** What these holders of a job had was seen to be free and given back; also without having been asked. */
    record Released(String job, Set<String> holders) implements ScheduleCommand {}

    /** What was to be released and was not seen to be free. */
    record NotReleased(String job, List<Trouble> troubles) implements ScheduleCommand {}

    /** What was quarantined was seen to be free. */
    record Readmit(List<Thing> things) implements ScheduleCommand {}

    /** From now on these are given to nobody anew. */
    record Drain(List<Thing> things) implements ScheduleCommand {}

    record Undrain(List<Thing> things) implements ScheduleCommand {}
}
