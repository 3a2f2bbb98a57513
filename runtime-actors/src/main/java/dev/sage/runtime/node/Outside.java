package dev.sage.runtime.node;

import dev.sage.api.CleanupReport;
import dev.sage.api.OutputListener;
import dev.sage.api.Subscription;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.schedule.ScheduleCommand;
import dev.sage.runtime.core.schedule.ScheduleEffect;
import dev.sage.runtime.core.schedule.Thing;
import dev.sage.runtime.core.schedule.Trouble;
import dev.sage.runtime.dataplane.Commands;
import dev.sage.runtime.dataplane.RemotePools;
import dev.sage.runtime.service.ServiceMaker;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What jobs have outside of this JVM: processes, GPUs and ports, all in the ledger. Methods may be called from any
 * thread, and block unless they say otherwise.
 */
public interface Outside extends ServiceMaker, AutoCloseable {

    /**
     * What was given back.
     *
     * @param holders that have nothing any more
     * @param troubles what was not seen to be free
     */
    record Release(List<CleanupReport.Line> lines, Set<String> holders, List<Trouble> troubles) {}

    /**
     * Does not block.
     *
     * @throws dev.sage.api.SageException with code {@code process.unsupported} where no process can be run
     */
    void requireProcesses();

    /** Takes all of this for a job or none; the answer is one of the three that the schedule expects. */
    ScheduleCommand acquire(ScheduleEffect.Acquire wanted) throws InterruptedException;

    /** Gives back what the job has, but for these holders. Nothing to give back is no failure. */
    Release release(String jobId, Set<String> kept) throws InterruptedException;

    /** Gives back what one holder has. */
    Release releaseHolder(String jobId, String holder) throws InterruptedException;

    /** Those of these that are free now. */
    List<Thing> free(List<Thing> things) throws InterruptedException;

    /** What is held, as the ledger has it. */
    List<LedgerEntry> held();

    /** Runs the commands of a job. Does not block. */
    Commands commands(String jobId);

    /** The places outside of this JVM where operators of a job run. Does not block. */
    RemotePools remotePools(String jobId);

    /** Does not block; says so where no actor of Ray can be made: {@code ray.missing}. */
    void requireRay();

    /** Cleans up and kills all actors of Ray of a job but those of these holders, in parallel; a line for each. */
    List<CleanupReport.Line> endActors(String jobId, Set<String> except) throws InterruptedException;

    /** Ends all processes of a job but those of these holders, a line for each holder that had one. */
    List<CleanupReport.Line> endProcesses(String jobId, Set<String> except) throws InterruptedException;

    /**
     * Kills all processes of a job but those of these holders, which who runs them will see and tell. Answers how many
     * are left after the time that a kill may take.
     */
    int killProcesses(String jobId, Set<String> except) throws InterruptedException;

    /** See {@link dev.sage.api.JobHandle#output}. */
    Subscription output(String jobId, String holder, OutputListener listener);

    /** The job has ended: who follows its output hears the end. What these holders print goes on. */
    void forget(String jobId, Set<String> kept);

    /** See {@link dev.sage.api.JobHandle#outputFile}. Does not block. */
    Path outputFile(String jobId, String holder);

    /** Nothing is held any more, or what is has been named before. */
    @Override
    void close();
}
