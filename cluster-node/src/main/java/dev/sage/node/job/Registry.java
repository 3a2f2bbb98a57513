package dev.sage.node.job;

import dev.sage.node.core.NewJob;
import dev.sage.node.core.Outcome;
import dev.sage.node.core.RegisteredJob;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * What was accepted, started and ended, whatever dies. No method blocks; a stage is completed when the change is on the
 * disk. Every call may be repeated, but an acceptance only with a key. Stages fail with {@link dev.sage.node.NodeException}:
 *
 * <ul>
 *   <li>{@code registry.busy} when more wait than it admits, and {@code registry.away}, at once, when the database is known
 *       to be away: nothing was done;
 *   <li>{@code registry.unavailable} when the database failed or did not answer in time: what became of the call is
 *       unknown.
 * </ul>
 */
public interface Registry {
    /**
     * Takes a job. One that comes a second time under its key is not taken again. {@code key.reused} when its key came with
     * another content, {@code job.id-taken} when a job has its id already.
     */
    CompletionStage<Acceptance> accept(NewJob job);

    /**
     * An attempt is about to start; it must not before this is completed. {@code job.stale} when it is not the job's
     * current attempt, or was started before by another node; {@code job.ended}, {@code job.unknown}.
     */
    CompletionStage<Done> started(String id, int attempt);

    /**
     * An attempt has ended; the history has it some time later, see {@link Runner#archived}. Completed at once if the job
     * has ended before: the first outcome stands. {@code job.stale}, {@code job.unknown} as above.
     */
    CompletionStage<Done> ended(String id, int attempt, Outcome outcome);

    /**
     * Asks for the end of a job: its runner is told, and after a crash it does not run again. {@code job.ended}, {@code
     * job.unknown}.
     *
     * @param reason shown to users; that of the first call stands
     */
    CompletionStage<Done> cancel(String id, String reason);

    /** The jobs that have not ended, the oldest first. */
    CompletionStage<List<RegisteredJob>> live();

    /**
     * Why the database cannot be used; empty when it can. Looks, so it takes as long as a connection may; who asks
     * meanwhile gets the same answer.
     */
    CompletionStage<Optional<String>> outage();

    History history();
}
