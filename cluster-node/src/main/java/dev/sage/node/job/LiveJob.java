package dev.sage.node.job;

import dev.sage.api.CommandFailedException;
import dev.sage.api.JobEvent;
import dev.sage.api.JobFailure;
import dev.sage.api.JobLeases;
import dev.sage.api.JobProgress;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.client.wire.JobChange;
import dev.sage.client.wire.JobDetails;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.JobWork;
import dev.sage.client.wire.OutputLine;
import dev.sage.node.NodeException;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.RegisteredJob;
import dev.sage.runtime.feed.Feed;
import dev.sage.runtime.local.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of a job as those outside see it, from its acceptance until some time after its end. Its end shows only when
 * it is in the journal: nobody hears of an outcome that a crash could change.
 */
final class LiveJob {
    static final String PRINT = "print";

    private volatile RegisteredJob registered;
    private final Feed<JobEvent> events;
    private final Feed<OutputLine> output;
    private final Consumer<JobChange> changes;
    private final CompletableFuture<Done> submitted = new CompletableFuture<>();
    private final CompletableFuture<Done> idle = new CompletableFuture<>();
    private final CompletableFuture<Done> written = new CompletableFuture<>();
    /** Outcomes that are not in the journal yet. */
    private final List<JobEvent> held = new ArrayList<>();

    private final TreeSet<String> outputs = new TreeSet<>();
    private final TreeSet<String> collected = new TreeSet<>();
    private JobState state = JobState.QUEUED;
    private String cause;
    private int tasks;
    private int services;
    private @Nullable Instant startedAt;
    private Engine.@Nullable Running handle;
    private @Nullable PreparedJob code;
    private @Nullable JobDetails end;
    private boolean startAsked;
    private long leaseEndsNs;
    private @Nullable JobWork done;
    private @Nullable JobChange told;

    /** @param changes hears how it is now and after each change, under this job's lock */
    LiveJob(RegisteredJob registered, Feed<JobEvent> events, Feed<OutputLine> output, Consumer<JobChange> changes) {
        this.registered = registered;
        this.events = events;
        this.output = output;
        this.startedAt = registered.startedAt().orElse(null);
        this.cause = registered.cancelled().orElse("");
        this.changes = changes;
        tellChange();
    }

    String id() {
        return registered.id();
    }

    RegisteredJob registered() {
        return registered;
    }

    NewJob job() {
        return registered.job();
    }

    int attempt() {
        return registered.attempt();
    }

    Feed<JobEvent> events() {
        return events;
    }

    Feed<OutputLine> output() {
        return output;
    }

    /** Completed when it was given to the engine, or will not be. */
    CompletionStage<Done> submitted() {
        return submitted;
    }

    /** Completed when its outcome is in the journal, or is not to be written because the node ends before its start. */
    CompletableFuture<Done> written() {
        return written;
    }

    /** Completed when it has become idle, or is ending or ended without. */
    CompletableFuture<Done> idle() {
        return idle;
    }

    synchronized void prints(boolean print, Iterable<String> collects) {
        if (print) {
            outputs.add(PRINT);
        }
        collects.forEach(collected::add);
    }

    void submittedAs(Engine.Running running, PreparedJob loaded) {
        synchronized (this) {
            handle = running;
            code = loaded;
            outputs.addAll(running.programs());
        }
        submitted.complete(Done.getInstance());
    }

    /** While the engine has it. */
    synchronized Optional<PreparedJob> code() {
        return Optional.ofNullable(code);
    }

    /** While the engine has it. */
    synchronized Optional<Engine.Running> handle() {
        return Optional.ofNullable(handle);
    }

    /** @throws NodeException when the engine does not have it */
    Engine.Running requireHandle() {
        return handle().orElseThrow(this::notRunning);
    }

    /** Why the engine does not have it. */
    NodeException notRunning() {
        return hasEnded() ? Found.ended(id()) : JobThreads.stopping("Try again when it runs again.");
    }

    /** As soon as the engine has it. */
    void cancel(String reason) {
        var unused = submitted.thenRun(() -> handle().ifPresent(running -> running.cancel(reason)));
    }

    /** From now on the journal may say that it has started. */
    synchronized void startAsked() {
        startAsked = true;
    }

    synchronized boolean isStartAsked() {
        return startAsked;
    }

    synchronized void startWritten(Instant at) {
        startedAt = at;
        tellChange();
    }

    synchronized boolean hasEnded() {
        return end != null;
    }

    synchronized void leasedFor(Duration time) {
        leaseEndsNs = System.nanoTime() + time.toNanos();
    }

    /** How long its client's hold lasts still; not positive when it is over. */
    synchronized Duration leaseLeft() {
        return Duration.ofNanos(leaseEndsNs - System.nanoTime());
    }

    /** What has happened to it, but for its end, which is told by {@link #ended}. */
    synchronized void on(JobEvent event) {
        if (event instanceof JobEvent.StateChanged changed) {
            if (changed.to().compareTo(JobState.IDLE) >= 0) {
                idle.complete(Done.getInstance());
            }
            if (changed.to().isTerminal()) {
                held.add(event);
                return;
            }
            state = changed.to();
            cause = changed.reason();
        } else if (event instanceof JobEvent.Waiting waiting) {
            cause = waiting.reason();
        } else if (event instanceof JobEvent.TaskStarted) {
            tasks++;
        } else if (event instanceof JobEvent.TaskEnded) {
            tasks--;
        } else if (event instanceof JobEvent.ServiceStarted) {
            services++;
        } else if (event instanceof JobEvent.ServiceStopped) {
            services--;
        } else if (event instanceof JobEvent.Failed failed && failed.decisive()) {
            cause = words(failed.failure());
        } else if (event instanceof JobEvent.Ended) {
            held.add(event);
            return;
        }
        events.tell(event);
        tellChange();
    }

    /** To those who follow all jobs, if it is one that they can see. */
    private synchronized void tellChange() {
        JobChange now = new JobChange(view(), done);
        if (!now.equals(told)) {
            told = now;
            changes.accept(now);
        }
    }

    /** Tells those who follow all jobs what its tasks have done, if that is more than before. */
    void tellProgress() {
        handle().map(Engine.Running::progress).ifPresent(progress -> {
            // Asked without the lock: the engine has locks of its own.
            synchronized (this) {
                if (end == null) {
                    done = JobWork.of(progress);
                    tellChange();
                }
            }
        });
    }

    /**
     * All that it will have told when {@link #ended} was called.
     *
     * @param base the number before that of its first event
     */
    synchronized StoredTexts.Events keptEvents(long base) {
        Feed.Kept<JobEvent> told = events.kept();
        List<JobEvent> all = new ArrayList<>(told.values());
        all.addAll(held);
        return new StoredTexts.Events(base + told.before() + 1, told.before(), all);
    }

    /** As it is to be shown once its end is in the journal. */
    synchronized JobDetails ending(JobResult result, Instant endedAt) {
        JobView view =
                view(result.state(), causeOf(result), 0, result.cleanup().kept().size(), result.clean(), endedAt);
        return new JobDetails(
                view,
                new JobProgress(result.state(), result.tasks()),
                JobLeases.NONE,
                List.copyOf(outputs),
                result.state() == JobState.COMPLETED || result.state() == JobState.STOPPED
                        ? List.copyOf(collected)
                        : List.of(),
                result);
    }

    static String causeOf(JobResult result) {
        return result.failure().map(LiveJob::words).orElse(result.reason());
    }

    /** The end of a command, and what Sage itself has to say, need no place in a pipeline to be understood. */
    private static String words(JobFailure failure) {
        return failure.cause()
                .filter(CommandFailedException.class::isInstance)
                .map(Throwable::getMessage)
                .orElseGet(
                        () -> failure.origin() == JobFailure.Origin.RUNTIME ? failure.message() : failure.describe());
    }

    /** Its end is in the journal. */
    void ended(JobDetails details) {
        synchronized (this) {
            end = details;
            // The handle leads to the user's objects, and by them to the job's class loader.
            handle = null;
            code = null;
            registered = registered.withoutGraph();
            held.forEach(events::tell);
            held.clear();
            events.end();
            done = JobWork.of(details.progress());
            tellChange();
        }
        submitted.complete(Done.getInstance());
        written.complete(Done.getInstance());
    }

    /** The node ends before the job has started: it stays in the journal, and its followers hear of it from the next node. */
    void left() {
        idle.complete(Done.getInstance());
        submitted.complete(Done.getInstance());
        written.complete(Done.getInstance());
    }

    synchronized JobView view() {
        JobDetails ended = end;
        return ended == null ? view(state, cause, tasks, services, null, null) : ended.job();
    }

    JobDetails details() {
        Engine.Running running;
        synchronized (this) {
            if (end != null) {
                return end;
            }
            running = handle;
        }
        // Asked without the lock: the engine has locks of its own.
        JobProgress now = running == null ? new JobProgress(JobState.QUEUED, List.of()) : running.progress();
        JobLeases leases = running == null ? JobLeases.NONE : running.leases();
        synchronized (this) {
            // Records are published when all tasks have ended well.
            List<String> there = state == JobState.IDLE ? List.copyOf(collected) : List.of();
            // The engine knows of an end before the journal does.
            JobProgress progress = now.state().isTerminal() ? new JobProgress(state, now.tasks()) : now;
            return new JobDetails(view(), progress, leases, List.copyOf(outputs), there, null);
        }
    }

    private JobView view(
            JobState shown,
            String why,
            int liveTasks,
            int liveServices,
            @Nullable Boolean clean,
            @Nullable Instant endedAt) {
        NewJob job = registered.job();
        return new JobView(
                job.id(),
                job.name(),
                job.owner(),
                shown,
                job.options().autostop(),
                job.options().detached(),
                job.options().priority(),
                registered.attempt(),
                liveTasks,
                liveServices,
                !shown.isTerminal(),
                clean,
                why.isEmpty() ? null : why,
                job.key().orElse(null),
                registered.submittedAt(),
                startedAt,
                endedAt);
    }
}
