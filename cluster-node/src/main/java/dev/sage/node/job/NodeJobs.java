package dev.sage.node.job;

import dev.sage.api.JobEvent;
import dev.sage.api.JobProgress;
import dev.sage.api.JobState;
import dev.sage.client.wire.JobChange;
import dev.sage.client.wire.JobDetails;
import dev.sage.client.wire.JobPage;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.LeaseView;
import dev.sage.client.wire.OutputLine;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.RegisteredJob;
import dev.sage.runtime.local.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what the registry has written down, and answers for live jobs and, from the history, for finished ones. It only
 * says who does what: {@link Admission} takes submissions, {@link Attempts} runs them, {@link JournalWrites} has what
 * becomes of them written down, {@link LeaseWatch} ends those whose client is gone, {@link JobReader}, {@link
 * JobStreams}, {@link StoredOutput}, {@link JobChanges} and {@link ServiceCalls} answer.
 */
public final class NodeJobs implements Jobs, Runner {
    private static final Logger log = LoggerFactory.getLogger(NodeJobs.class);

    private final CompletableFuture<Registry> registry = new CompletableFuture<>();
    private final JobFiles files;
    private final LiveJobs live;
    private final JobThreads threads;
    private final JobStreams streams;
    private final JobChanges changes;
    private final JobReader reader;
    private final StoredOutput stored;
    private final ServiceCalls services;
    private final JournalWrites journal;
    private final LeaseWatch leases;
    private final Admission admission;
    private final Attempts attempts;

    public NodeJobs(Engine engine, Preparation preparation, JobFiles files, JobSettings settings, Clock clock) {
        this.files = files;
        live = new LiveJobs(settings.endedJobs());
        threads = new JobThreads(engine);
        streams = new JobStreams(engine.threads(), clock);
        changes = new JobChanges(
                settings.changes(),
                engine.threads(),
                clock,
                () -> threads.every(
                        settings.progressInterval(), () -> live.all().forEach(LiveJob::tellProgress)));
        reader = new JobReader(engine, preparation, files, live, registry, threads);
        stored = new StoredOutput(threads, engine.settings().process().lineBytes());
        services = new ServiceCalls(engine, threads);
        journal = new JournalWrites(live, registry, streams, files, threads, clock);
        leases = new LeaseWatch(settings.leaseTimeToLive(), live, journal, threads);
        admission = new Admission(preparation, settings, live, registry, threads);
        attempts = new Attempts(
                engine, preparation, settings, live, changes, admission, journal, leases, services, threads);
        preparation.callsServicesOf(live::findByKey);
    }

    /** The registry needs its runner before it can be asked. */
    public void connect(Registry opened) {
        registry.complete(opened);
    }

    // What the registry has run

    @Override
    public void run(RegisteredJob job) {
        attempts.run(job);
    }

    @Override
    public void cancel(String id, String reason) {
        live.find(id).ifPresent(job -> job.cancel(reason));
    }

    @Override
    public void archived(String id) {
        live.archived(id);
    }

    @Override
    public void forgotten(List<String> ids) {
        threads.submit(() -> ids.forEach(this::deleteResults));
    }

    /** An id is drawn anew once its job is forgotten. What stays here goes with the next start of the node. */
    private void deleteResults(String id) {
        try {
            if (live.find(id).filter(job -> !job.hasEnded()).isEmpty()) {
                files.deleteResults(id);
            }
        } catch (IOException e) {
            log.warn("What job {} left cannot be deleted; the next start of the node tries again", id, e);
        }
    }

    // What clients ask

    @Override
    public CompletionStage<Accepted> submit(JobSubmission submission, Optional<String> key, String owner) {
        return admission.submit(submission, key, owner);
    }

    @Override
    public CompletionStage<JobPage> list(Query query) {
        return reader.page(query);
    }

    @Override
    public CompletionStage<JobDetails> show(String id) {
        return reader.find(id).thenApply(Found::details);
    }

    @Override
    public CompletionStage<JobView> order(String id, Order order, String reason) {
        return reader.find(id).thenCompose(found -> {
            LiveJob job = found.requireLive();
            if (order == Order.CANCEL) {
                return journal.cancel(job, reason)
                        .thenApply(why -> why.map(away -> unwritten(job.view(), reason, away))
                                .orElseGet(job::view));
            }
            return job.submitted().thenApply(submitted -> {
                Engine.Running running = job.requireHandle();
                switch (order) {
                    case PAUSE -> running.pause();
                    case RESUME -> running.resume();
                    default -> running.stop(reason);
                }
                return job.view();
            });
        });
    }

    /** What the asker has to know: nobody else would tell that a crash could undo it. */
    private static JobView unwritten(JobView job, String reason, Throwable why) {
        return job.because("Being cancelled: " + reason + ". That is not written down yet: " + Outage.rootMessage(why));
    }

    @Override
    public CompletionStage<LeaseView> renew(String id) {
        return reader.find(id).thenApply(found -> leases.renew(found.requireLive()));
    }

    @Override
    public CompletionStage<String> plan(String id) {
        return reader.find(id).thenCompose(found -> {
            NewJob job = found.requireLive().job();
            return threads.answer(() -> reader.plan(job));
        });
    }

    @Override
    public CompletionStage<Following> events(String id, long after, boolean follow, Listener<JobEvent> listener) {
        return reader.find(id).thenApply(found -> streams.events(found, after, follow, listener));
    }

    @Override
    public CompletionStage<Following> progress(String id, Listener<JobProgress> listener) {
        return submitted(id).thenApply(found -> streams.progress(found, listener));
    }

    @Override
    public CompletionStage<Following> output(
            String id, Optional<String> name, long after, OptionalLong tail, Listener<OutputLine> listener) {
        // Which outputs a job has is known when its code is loaded.
        return submitted(id).thenApply(found -> {
            name.ifPresent(found::requireOutput);
            return found instanceof Found.Live there
                    ? streams.output(there, name, after, tail, listener)
                    : stored.tell(reader.outputFiles(found), name, after, tail, listener);
        });
    }

    @Override
    public CompletionStage<Following> changes(long after, Listener<JobChange> listener) {
        return CompletableFuture.completedFuture(changes.follow(after, listener));
    }

    @Override
    public CompletionStage<Path> outputFile(String id, String name) {
        return submitted(id).thenCompose(found -> threads.answer(() -> reader.outputFile(found, name)));
    }

    @Override
    public CompletionStage<Path> collected(String id, String operator) {
        return reader.find(id).thenCompose(found -> threads.answer(() -> reader.collected(found, operator)));
    }

    @Override
    public CompletionStage<byte[]> call(String id, String service, byte[] call) {
        return reader.find(id).thenCompose(found -> threads.answer(() -> services.call(found, service, call)));
    }

    /** The job, when it was given to the engine or will not be. */
    private CompletionStage<Found> submitted(String id) {
        return reader.find(id).thenCompose(found -> found.submitted().thenApply(done -> found));
    }

    // What the node asks

    /** Whoever shows more than the jobs is to read that again. */
    public void resourcesChanged() {
        changes.tell(JobChange.RESET);
    }

    /** Live jobs, and those that have ended since the start of the node, by state. */
    public Map<JobState, Long> counts() {
        return live.counts();
    }

    /** What is shown of a job that has not ended. */
    public Optional<JobView> live(String id) {
        return live.find(id).filter(job -> !job.hasEnded()).map(LiveJob::view);
    }

    // The end of the node

    /** Takes no more jobs, and starts none of those that wait. */
    public void stopIntake() {
        live.stopIntake();
    }

    public boolean isStopping() {
        return live.isStopping();
    }

    /** Completed when the outcomes of all jobs that have ended, or are about to, are in the journal. */
    public CompletionStage<Done> allWritten() {
        return live.allWritten();
    }

    /** Completed when the jobs that have started have ended. */
    public CompletionStage<Done> startedEnded() {
        return live.startedEnded();
    }
}
