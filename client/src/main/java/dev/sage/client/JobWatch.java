package dev.sage.client;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobEvent;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobLeases;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.SageException;
import dev.sage.client.http.EventStream;
import dev.sage.client.http.ServerSentEvent;
import dev.sage.client.wire.JobDetails;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a job at the node from its submission to its end: the newest that is known here. The result is shown only when
 * the collected records are here and what the job printed has been printed.
 */
final class JobWatch implements EventStream.Listener {
    private static final Logger CLEANUP = LoggerFactory.getLogger("dev.sage.cleanup");
    private static final Duration LAST_LINES = Duration.ofSeconds(10);

    private final String id;
    private final NodeApi api;
    private final Collected collected;
    private final BooleanSupplier closing;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private final CompletableFuture<JobResult> end = new CompletableFuture<>();
    private @Nullable BesideJob beside;
    private CompletableFuture<Void> printed = CompletableFuture.completedFuture(null);
    private volatile boolean jobHasEnded;
    private volatile JobState state;
    private volatile JobLeases leases = JobLeases.NONE;
    private volatile @Nullable SageException trouble;

    /** @param closing whether the environment is being closed: then the clean-up is told aloud */
    JobWatch(String id, JobState state, NodeApi api, Collected collected, BooleanSupplier closing) {
        this.id = id;
        this.state = state;
        this.api = api;
        this.collected = collected;
        this.closing = closing;
    }

    /** Before the watch begins: what has to be printed before the result is shown. */
    void printing(CompletableFuture<Void> done) {
        printed = done;
    }

    /** Before the watch begins: what runs beside the client for this job, and ends before the result is shown. */
    void beside(@Nullable BesideJob programs) {
        beside = programs;
    }

    boolean jobHasEnded() {
        return jobHasEnded;
    }

    JobState state() {
        return state;
    }

    JobLeases leases() {
        return leases;
    }

    /** Completed when its services have been started, or will not be; exceptionally when it was lost out of sight. */
    CompletableFuture<Void> begun() {
        return begun;
    }

    /** Completed with the result, or exceptionally when the job was lost out of sight. */
    CompletableFuture<JobResult> end() {
        return end;
    }

    @Override
    public void event(ServerSentEvent sent) {
        JobEvent event = Json.read(sent.data(), JobEvent.class);
        if (event instanceof JobEvent.StateChanged changed) {
            stateChanged(changed.to());
        } else if (event instanceof JobEvent.Leased leased) {
            leases = leased.leases();
        } else if (event instanceof JobEvent.CleanedUp cleaned) {
            tell(cleaned.line());
        } else if (event instanceof JobEvent.Ended ended) {
            finish(ended.result());
        }
    }

    private void stateChanged(JobState to) {
        if (to.isTerminal()) {
            // Shown together with the result.
            return;
        }
        state = to;
        if (to.compareTo(JobState.RUNNING) >= 0) {
            begun.complete(null);
        }
        if (to == JobState.IDLE) {
            // What the node does not have yet comes with the end.
            collected.fetch(to);
        }
        if (to.compareTo(JobState.IDLE) >= 0 && to != JobState.STOPPING) {
            idle.complete(null);
        }
    }

    private void tell(CleanupReport.Line line) {
        if (closing.getAsBoolean() && !line.kind().equals("task")) {
            CLEANUP.info("job {}: {}", id, line);
        } else {
            CLEANUP.debug("job {}: {}", id, line);
        }
    }

    private void finish(JobResult atNode) {
        jobHasEnded = true;
        JobResult result = withOwn(atNode);
        collected.fetch(result.state()).ifPresent(failure -> trouble = failure);
        awaitPrinted();
        state = result.state();
        leases = JobLeases.NONE;
        if (closing.getAsBoolean()) {
            CLEANUP.info(
                    "job {} ({}): {}, {}", id, result.name(), result.state(), result.clean() ? "clean" : "NOT clean");
        }
        begun.complete(null);
        idle.complete(null);
        end.complete(result);
    }

    /** With what became of the programs that ran here. */
    private JobResult withOwn(JobResult atNode) {
        List<CleanupReport.Line> own = endBeside();
        if (own.isEmpty()) {
            return atNode;
        }
        List<CleanupReport.Line> lines = new ArrayList<>(atNode.cleanup().lines());
        lines.addAll(own);
        return new JobResult(
                atNode.id(),
                atNode.name(),
                atNode.state(),
                atNode.reason(),
                atNode.failure(),
                atNode.laterFailures(),
                atNode.tasks(),
                atNode.services(),
                new CleanupReport(lines),
                atNode.duration());
    }

    private List<CleanupReport.Line> endBeside() {
        BesideJob programs = beside;
        List<CleanupReport.Line> lines = programs == null ? List.of() : programs.end();
        lines.forEach(this::tell);
        return lines;
    }

    private void awaitPrinted() {
        try {
            printed.get(LAST_LINES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            CLEANUP.debug("job {} has ended before all that it printed was shown", id, late);
        }
    }

    @Override
    public boolean enough() {
        return end.isDone();
    }

    /** A stream that ends before the job did, or of a job of which only the history knows. */
    @Override
    public boolean ended() {
        try {
            JobDetails details = api.show(id);
            JobResult result = details.result();
            if (result != null) {
                finish(result);
            }
        } catch (SageException failure) {
            failed(failure);
        }
        return end.isDone();
    }

    @Override
    public void failed(SageException failure) {
        jobHasEnded = true;
        // The job may go on, but nobody is left to end these.
        endBeside();
        begun.completeExceptionally(failure);
        end.completeExceptionally(failure);
        idle.completeExceptionally(failure);
    }

    void awaitIdle() throws InterruptedException {
        Waiting.get(idle, Optional.empty());
    }

    /** Whether it was in time. */
    boolean awaitIdle(Duration timeout) throws InterruptedException {
        Waiting.get(idle, Optional.of(timeout));
        return idle.isDone();
    }

    /** Empty when the time is up. */
    Optional<JobResult> awaitClean(Optional<Duration> timeout) throws InterruptedException {
        Optional<JobResult> result = Waiting.get(end, timeout);
        SageException failure = trouble;
        if (result.isPresent() && isFailure(result.get().state())) {
            throw new JobFailedException(result.get());
        }
        if (result.isPresent() && failure != null) {
            throw new SageException(failure.code(), String.valueOf(failure.getMessage()), failure);
        }
        return result;
    }

    private static boolean isFailure(JobState state) {
        return state == JobState.FAILED || state == JobState.TIMED_OUT;
    }
}
