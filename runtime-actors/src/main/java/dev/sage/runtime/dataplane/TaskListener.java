package dev.sage.runtime.dataplane;

import dev.sage.api.JobFailure;
import java.util.Optional;

/** What a task tells its owner, on threads of the data plane; must not block. */
public interface TaskListener {
    /** Sources and sinks are open, the first records may flow. */
    void started();

    /**
     * All input was worked off, all output and the end markers were taken over, the sinks are prepared. Now {@link
     * TaskControl#finish} is due.
     */
    void ended();

    /** Something threw. The task does nothing more until it is cancelled. */
    void failed(JobFailure failure);

    /** The last call: the task holds nothing any more. What failed while it was being closed, if anything. */
    void closed(Optional<JobFailure> failure);
}
