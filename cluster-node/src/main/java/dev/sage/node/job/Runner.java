package dev.sage.node.job;

import dev.sage.node.core.RegisteredJob;
import java.util.List;

/** Runs what the registry has written down. Called by the registry's actor: must neither block nor throw. */
public interface Runner {
    /**
     * A job that is to run; its acceptance is durable. Called once for each attempt of a job: after the acceptance, and
     * after a start of the node for each job that had not ended.
     */
    void run(RegisteredJob job);

    /** A job is to end; that it is cancelled is durable. It may have ended, or never have been given to {@link #run}. */
    void cancel(String id, String reason);

    /** A job that has ended is in the history now. It may be told before {@link Registry#ended} answers, and more than once. */
    void archived(String id);

    /** Jobs that the history has no more: nobody can ask for what they left. */
    void forgotten(List<String> ids);
}
