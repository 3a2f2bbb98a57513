package dev.sage.runtime.core.job;

import static dev.sage.api.JobState.*;
import static dev.sage.runtime.core.job.JobTrigger.*;

import dev.sage.api.JobState;
import dev.sage.runtime.core.Transitions;

/**
 * The transition table of a job. There is no way from STARTING to PAUSED (the sources do not run yet), none from a
 * terminal state, and none from STOPPING to a terminal state that avoids CLEANING.
 */
public final class JobTransitions {
    public static final Transitions<JobState, JobTrigger> TABLE = Transitions.<JobState, JobTrigger>startingAt(QUEUED)
            .add(QUEUED, ADMIT, STARTING)
            .add(QUEUED, WITHDRAW, CANCELLED)
            .add(QUEUED, EXPIRE, TIMED_OUT)
            .add(QUEUED, REFUSE, FAILED)
            .add(STARTING, STARTED, RUNNING)
            .add(STARTING, END, STOPPING)
            .add(RUNNING, PAUSE, PAUSED)
            .add(RUNNING, GO_IDLE, IDLE)
            .add(RUNNING, END, STOPPING)
            .add(PAUSED, RESUME, RUNNING)
            .add(PAUSED, GO_IDLE, IDLE)
            .add(PAUSED, END, STOPPING)
            .add(IDLE, END, STOPPING)
            .add(STOPPING, TASKS_GONE, CLEANING)
            .add(CLEANING, CLEAN_COMPLETED, COMPLETED)
            .add(CLEANING, CLEAN_STOPPED, STOPPED)
            .add(CLEANING, CLEAN_CANCELLED, CANCELLED)
            .add(CLEANING, CLEAN_FAILED, FAILED)
            .add(CLEANING, CLEAN_TIMED_OUT, TIMED_OUT);

    private JobTransitions() {}

    static JobTrigger cleaned(JobState outcome) {
        return JobTrigger.valueOf("CLEAN_" + outcome);
    }
}
