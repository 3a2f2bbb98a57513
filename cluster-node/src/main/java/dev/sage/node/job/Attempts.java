package dev.sage.node.job;

import dev.sage.api.JobEvent;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions;
import dev.sage.client.wire.OutputLine;
import dev.sage.node.core.RegisteredJob;
import dev.sage.runtime.feed.Feed;
import dev.sage.runtime.local.Engine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs attempts of jobs in the engine, from what the registry has written down to the offer of their outcome to it. */
final class Attempts {
    private static final Logger log = LoggerFactory.getLogger(Attempts.class);

    private final Engine engine;
    private final Preparation preparation;
    private final JobSettings settings;
    private final LiveJobs live;
    private final JobChanges changes;
    private final Admission admission;
    private final JournalWrites journal;
    private final LeaseWatch leases;
    private final ServiceCalls services;
    private final JobThreads threads;

    Attempts(
            Engine engine,
            Preparation preparation,
            JobSettings settings,
            LiveJobs live,
            JobChanges changes,
            Admission admission,
            JournalWrites journal,
            LeaseWatch leases,
            ServiceCalls services,
            JobThreads threads) {
        this.engine = engine;
        this.preparation = preparation;
        this.settings = settings;
        this.live = live;
        this.changes = changes;
        this.admission = admission;
        this.journal = journal;
        this.leases = leases;
        this.services = services;
        this.threads = threads;
    }

    void run(RegisteredJob job) {
        Feed<JobEvent> events = new Feed<>("job " + job.id(), engine.settings().eventHistory(), engine.threads());
        Feed<OutputLine> output = new Feed<>("the output of job " + job.id(), settings.outputLines(), engine.threads());
        LiveJob attempt = new LiveJob(job, events, output, changes::tell);
        live.add(attempt);
        if (!threads.submit(() -> start(attempt))) {
            attempt.left();
        }
    }

    private void start(LiveJob job) {
        PreparedJob code = admission.take(job.id()).orElse(null);
        if (live.isStopping()) {
            // It stays in the queue, for the next node.
            if (code != null) {
                code.close();
            }
            job.left();
            return;
        }
        try {
            if (code == null) {
                code = preparation.load(job.job());
            }
            job.prints(code.prints(), code.collects());
            code.connect(job.output());
            PreparedJob loaded = code;
            Engine.Running running = submit(job, code);
            job.submittedAs(running, code);
            Map<String, CompletableFuture<Done>> programs = new HashMap<>();
            running.programs().forEach(name -> programs.put(name, follow(job, running, name)));
            running.events(event -> on(job, loaded, programs, event));
            if (!job.job().options().detached()) {
                leases.begin(job);
            }
        } catch (Throwable cannotRun) {
            // Whatever the user's classes throw: nobody else would end the job.
            log.warn("Job {} cannot be started", job.id(), cannotRun);
            if (code != null) {
                code.close();
            }
            JobResult result = Results.failed(
                    job.registered(), "it cannot be started: " + JobThreads.messageOf(cannotRun), cannotRun);
            job.on(new JobEvent.StateChanged(Duration.ZERO, JobState.QUEUED, result.state(), result.reason()));
            job.on(new JobEvent.Ended(Duration.ZERO, result));
            journal.end(job, result);
        }
    }

    /** The job's threads take over the context class loader of this one. */
    private Engine.Running submit(LiveJob job, PreparedJob code) {
        SubmitOptions options = job.job()
                .options()
                .toOptions(job.job().key().orElse(null))
                .owner(job.job().owner());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(code.loader());
        try {
            return engine.submit(job.id(), job.job().name(), code.graph(), options, () -> passStart(job));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private CompletionStage<Done> passStart(LiveJob job) {
        if (live.isStopping()) {
            // It stays in the queue, for the next node.
            return new CompletableFuture<>();
        }
        job.startAsked();
        return journal.start(job);
    }

    private static CompletableFuture<Done> follow(LiveJob job, Engine.Running running, String program) {
        ProgramLines lines = new ProgramLines(program, job.output());
        running.output(program, lines);
        return lines.end();
    }

    private void on(LiveJob job, PreparedJob code, Map<String, CompletableFuture<Done>> programs, JobEvent event) {
        job.on(event);
        if (event instanceof JobEvent.Ended last) {
            JobResult result = last.result();
            code.finish();
            Set<String> kept = result.cleanup().kept();
            if (kept.isEmpty()) {
                code.close();
            } else {
                services.keep(job.id(), code);
            }
            CompletionStage<Void> allTold = CompletableFuture.allOf(programs.entrySet().stream()
                    .filter(program -> !kept.contains(program.getKey()))
                    .map(Map.Entry::getValue)
                    .toArray(CompletableFuture<?>[]::new));
            allTold.thenRun(() -> job.output().end());
            if (isForTheNextNode(job, result)) {
                job.left();
            } else {
                journal.end(job, result);
            }
        }
    }

    /** A job that waited when the node was stopped; and whatever was here when the engine itself broke. */
    private boolean isForTheNextNode(LiveJob job, JobResult result) {
        boolean waited = live.isStopping() && !job.isStartAsked() && result.state() == JobState.CANCELLED;
        return waited || engine.lost().toCompletableFuture().isDone();
    }
}
