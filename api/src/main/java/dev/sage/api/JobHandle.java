package dev.sage.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A submitted job. All methods may be called from any thread, any number of times, and after the job's end. */
public interface JobHandle {
    /** Unique among all jobs: eight characters. */
    String id();

    /** That of its environment. */
    String name();

    /** The newest state that is known here. Does not block. */
    JobState state();

    /** Counts of the moment. Does not block; after the end, the final counts. */
    JobProgress progress();

    /**
     * Tells a listener everything that has happened to the job so far and that will happen, in its order, up to {@link
     * JobEvent.Ended}. Does not block; calls come one at a time on a thread of the runtime where blocking is allowed, or
     * on this one when the environment has been closed.
     *
     * <p>A listener delays neither the job nor other listeners. One that falls more than {@code sage.job.event-history}
     * events behind misses the oldest, and gets {@link JobEvent.Missed} instead. One that throws is logged and not called
     * again. The last calls may come shortly after the job's end; closing the environment interrupts those that still run.
     */
    Subscription events(Consumer<? super JobEvent> listener);

    /**
     * Tells a listener the progress of the job, at once and then every {@code sage.job.progress-interval} until the final
     * counts, which are told in any case. A slow listener gets the newest, and those between are left out. Otherwise as
     * {@link #events}.
     */
    Subscription progress(Consumer<? super JobProgress> listener);

    /**
     * The GPUs and ports that the job has; none before it has started and after its end. Does not block. What changes is
     * told by {@link JobEvent.Leased}, and what became of them by {@link JobResult#cleanup}.
     */
    JobLeases leases();

    /**
     * Tells a listener the lines that a command or a process service of the job prints, from the first that is still kept,
     * through restarts, until it has ended for good. Otherwise as {@link #events}; the files that have all lines are told
     * by {@link #outputFile}.
     *
     * @param name of the service or command
     * @throws IllegalArgumentException when the job has no process of this name
     */
    Subscription output(String name, OutputListener listener);

    /**
     * Where the output of a command or process service is written, as UTF-8 or whatever else the program prints. Older
     * parts lie beside it, as {@code NAME.log.1}, see {@code sage.process.output}. It outlives the job,
     * the environment and this JVM, and is for its reader to delete. Does not block.
     *
     * <p>Of a job at a node: a copy of what the node has so far, without older parts, made anew at each call, which blocks
     * until it is here. It is empty when nothing was printed yet, and is deleted with the environment.
     *
     * @throws IllegalArgumentException when the job has no process of this name
     * @throws SageException of a job at a node: with code {@code node.unreachable}, or {@code environment.closed}
     */
    Path outputFile(String name);

    /** A typed proxy of one of the job's services, for calls from outside, as long as the job has not ended. */
    <I> I service(String name, Class<I> type);

    /** Holds the sources; what is on its way goes on. Does not wait. No effect unless the job is RUNNING. */
    void pause();

    /** Ends a pause. Does not wait. */
    void resume();

    /** Ends the sources and lets what they have emitted run through: STOPPED. Does not wait. */
    void stop();

    /** Ends the job at once; records on their way are lost: CANCELLED. Does not wait. */
    void cancel();

    /** Blocks until all tasks have ended, whatever happens to the services. Returns at once for a job that has ended. */
    void awaitIdle() throws InterruptedException;

    /**
     * Blocks until the job has ended and everything is cleaned up.
     *
     * @throws JobFailedException when it ended FAILED or TIMED_OUT
     */
    JobResult awaitClean() throws InterruptedException;

    /**
     * As {@link #awaitClean()}, for at most this time; the job runs on when it is up.
     *
     * @throws TimeoutException names the job and the state that it is in
     */
    JobResult awaitClean(Duration timeout) throws InterruptedException, TimeoutException;

    /** Completed with the result when the job is clean, never exceptionally; dependents run on a thread of the runtime where blocking is allowed. */
    CompletionStage<JobResult> result();
}
