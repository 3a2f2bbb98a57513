package dev.sage.runtime.local;

import dev.sage.api.JobEvent;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobLeases;
import dev.sage.api.JobProgress;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.OutputListener;
import dev.sage.api.ServiceException;
import dev.sage.api.ServiceProxy;
import dev.sage.api.Subscription;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.runtime.core.job.JobCommand;
import dev.sage.runtime.dataplane.TaskControl;
import dev.sage.runtime.dispatch.JobObserver;
import dev.sage.runtime.feed.JobFeed;
import dev.sage.runtime.job.JobManager;
import dev.sage.runtime.service.ServiceCell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A job as its submitter sees it: told by the job's actors, asked from any thread. */
final class JvmJob implements Engine.Running, JobObserver {
    private final String id;
    private final String name;
    private final Set<String> programs;
    private final LocalNode node;
    private final Consumer<JvmJob> onEnd;
    private final CountDownLatch idle = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long submittedNs;
    private final JobFeed feed;
    private @Nullable CompletableFuture<JobResult> future;
    private volatile JobState state = JobState.QUEUED;
    private volatile List<TaskControl> tasks = List.of();
    private volatile JobLeases leases = JobLeases.NONE;
    private volatile Map<String, ServiceCell> services = Map.of();
    private volatile @Nullable JobResult result;

    /** @param programs the names of its commands and process services */
    JvmJob(String id, String name, Set<String> programs, LocalNode node, long submittedNs, Consumer<JvmJob> onEnd) {
        this.id = id;
        this.name = name;
        this.programs = Set.copyOf(programs);
        this.node = node;
        this.submittedNs = submittedNs;
        this.onEnd = onEnd;
        this.feed = new JobFeed(
                id,
                node.settings().eventHistory(),
                node.dataPlane().threads(),
                this::progress,
                node::everyProgressInterval);
    }

    @Override
    public void assembled(List<TaskControl> assembledTasks, Map<String, ServiceCell> assembledServices) {
        tasks = assembledTasks;
        services = assembledServices;
    }

    @Override
    public void waits(String reason) {
        feed.tell(new JobEvent.Waiting(sinceSubmission(), reason));
    }

    @Override
    public void leased(JobLeases newLeases) {
        leases = newLeases;
        feed.tell(new JobEvent.Leased(sinceSubmission(), newLeases));
    }

    @Override
    public void stateChanged(JobState newState, String reason) {
        // A terminal state is shown only together with its result, when the job's actors are gone.
        if (!newState.isTerminal()) {
            tellChange(newState, reason);
        }
        if (newState.compareTo(JobState.IDLE) >= 0 && newState != JobState.STOPPING) {
            idle.countDown();
        }
    }

    private void tellChange(JobState to, String reason) {
        JobState from = state;
        state = to;
        feed.tell(new JobEvent.StateChanged(sinceSubmission(), from, to, reason));
    }

    @Override
    public void happened(JobEvent event) {
        if (event instanceof JobEvent.CleanedUp cleaned) {
            CleanupLog.line(id, cleaned.line());
        }
        feed.tell(event);
    }

    private Duration sinceSubmission() {
        return Duration.ofNanos(System.nanoTime() - submittedNs);
    }

    @Override
    public synchronized void ended(JobResult jobResult) {
        if (result != null) {
            return;
        }
        result = jobResult;
        tellChange(jobResult.state(), jobResult.reason());
        feed.tell(new JobEvent.Ended(sinceSubmission(), jobResult));
        CleanupLog.ended(jobResult);
        feed.end();
        node.outside().forget(id, jobResult.cleanup().kept());
        tasks = List.of();
        leases = JobLeases.NONE;
        onEnd.accept(this);
        idle.countDown();
        ended.countDown();
        completeFuture(jobResult);
    }

    /** Dependents are user code, which never runs in an actor. */
    private void completeFuture(JobResult jobResult) {
        CompletableFuture<JobResult> asked = future;
        if (asked != null) {
            node.dataPlane().threads().submit(() -> asked.complete(jobResult));
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public JobState state() {
        return state;
    }

    @Override
    public JobProgress progress() {
        JobResult end = result;
        return end != null
                ? new JobProgress(end.state(), end.tasks())
                : new JobProgress(state, tasks.stream().map(TaskControl::report).toList());
    }

    @Override
    public Subscription events(Consumer<? super JobEvent> listener) {
        return feed.events(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public Subscription progress(Consumer<? super JobProgress> listener) {
        return feed.progress(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public JobLeases leases() {
        return leases;
    }

    @Override
    public Subscription output(String holder, OutputListener listener) {
        requireProgram(holder);
        Subscription following = node.outside().output(id, holder, Objects.requireNonNull(listener, "listener"));
        JobResult end = result;
        if (end != null) {
            // Whoever comes after the end hears it at once.
            node.outside().forget(id, end.cleanup().kept());
        }
        return following;
    }

    private void requireProgram(String holder) {
        if (!programs.contains(holder)) {
            throw new IllegalArgumentException("Job " + id + " has no command or process service '" + holder
                    + "'. It has " + new TreeSet<>(programs) + ".");
        }
    }

    @Override
    public Path outputFile(String holder) {
        requireProgram(holder);
        return node.outside().outputFile(id, holder);
    }

    @Override
    public <I> I service(String service, Class<I> type) {
        return ServiceProxy.of(service, type, () -> caller(service));
    }

    @Override
    public ServiceCaller caller(String service) {
        ServiceCell cell = services.get(service);
        if (cell == null) {
            boolean starting = state == JobState.QUEUED;
            throw new ServiceException(
                    starting ? "service.unavailable" : "service.unknown",
                    starting
                            ? "Service '" + service + "' of job " + id + " does not run yet: the job is QUEUED."
                            : "Job " + id + " has no service '" + service + "'. Its services are " + services.keySet()
                                    + ".");
        }
        return cell;
    }

    @Override
    public Set<String> programs() {
        return programs;
    }

    @Override
    public void pause() {
        tell(new JobCommand.Pause());
    }

    @Override
    public void resume() {
        tell(new JobCommand.Resume());
    }

    @Override
    public void stop() {
        stop("stopped on request");
    }

    @Override
    public void stop(String reason) {
        tell(new JobCommand.Stop(reason));
    }

    @Override
    public void cancel() {
        cancel("cancelled on request");
    }

    @Override
    public void cancel(String reason) {
        tell(new JobCommand.Cancel(reason));
    }

    private void tell(JobCommand command) {
        if (result == null) {
            node.tell(new JobManager.Tell(id, command));
        }
    }

    @Override
    public void awaitIdle() throws InterruptedException {
        idle.await();
    }

    @Override
    public JobResult awaitClean() throws InterruptedException {
        return checked(awaitEnd());
    }

    @Override
    public JobResult awaitClean(Duration timeout) throws InterruptedException, TimeoutException {
        if (!ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException("Job " + name + " (" + id + ") is " + state + " after " + timeout
                    + ", and runs on. Wait longer, or stop() or cancel() it.");
        }
        return checked(awaitEnd());
    }

    /** As awaitClean, but a failure is no exception. */
    JobResult awaitEnd() throws InterruptedException {
        ended.await();
        JobResult end = result;
        if (end == null) {
            throw new IllegalStateException("Job " + id + " has ended without a result.");
        }
        return end;
    }

    private static JobResult checked(JobResult end) {
        if (end.state() == JobState.FAILED || end.state() == JobState.TIMED_OUT) {
            throw new JobFailedException(end);
        }
        return end;
    }

    @Override
    public synchronized CompletionStage<JobResult> result() {
        JobResult end = result;
        if (future == null) {
            future = end == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(end);
        }
        return future.minimalCompletionStage();
    }
}
