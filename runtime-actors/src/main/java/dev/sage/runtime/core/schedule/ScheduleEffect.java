package dev.sage.runtime.core.schedule;

import java.util.List;
import java.util.Map;

/** What the owner of a schedule does, in this order. */
public sealed interface ScheduleEffect {
    String job();

    /**
     * Acquires all of this or nothing, and answers once.
     *
     * @param shares what was chosen for each holder
     * @param portsToFind how many free ports to find for a holder besides
     */
    record Acquire(String job, Map<String, Share> shares, Map<String, Integer> portsToFind) implements ScheduleEffect {}

    /** Lets a job start. */
    record Admit(String job, Map<String, Share> shares) implements ScheduleEffect {}

    /** Gives back what a job had that is over, and tells what was released and what was not. */
    record Release(String job, Map<String, Share> shares) implements ScheduleEffect {}

    /** Tells the job that it never starts. */
    record Refuse(String job, String reason) implements ScheduleEffect {}

    /** Looks after a time, and again until it is so, whether these are free, and readmits them. */
    record RecheckLater(String job, List<Thing> things) implements ScheduleEffect {}
}
