package dev.sage.node.job;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobEvent;
import dev.sage.api.JobProgress;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.OutputListener;
import dev.sage.api.SageException;
import dev.sage.api.ServiceException;
import dev.sage.api.SubmitOptions;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.client.ship.CallCodec;
import dev.sage.client.wire.JobDetails;
import dev.sage.client.wire.JobPage;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.LeaseView;
import dev.sage.client.wire.OutputLine;
import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.Outcome;
import dev.sage.node.core.RegisteredJob;
import dev.sage.runtime.feed.Feed;
import dev.sage.runtime.local.Engine;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what the registry has written down, and answers for live jobs and, from the history, for finished ones. */
public final class NodeJobs implements Jobs, Runner {
    private static final Logger log = LoggerFactory.getLogger(NodeJobs.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final int ID_TRIES = 5;

    private final Engine engine;
    private final Preparation preparation;
    private final JobFiles files;
    private final JobSettings settings;
    private final CompletableFuture<Registry> registry = new CompletableFuture<>();
    private final Map<String, PreparedJob> prepared = new ConcurrentHashMap<>();
    /** With some that have ended, so that who follows them need not begin anew. */
    private final Map<String, LiveJob> live = new ConcurrentHashMap<>();

    private final Deque<String> ended = new ArrayDeque<>();
    /** The code of jobs that have ended, but for services that were kept. */
    private final Map<String, PreparedJob> keptCode = new ConcurrentHashMap<>();

    private final Map<JobState, LongAdder> endedCounts = new ConcurrentHashMap<>();
    private final JobStreams streams;
    private volatile boolean stopping;

    public NodeJobs(Engine engine, Preparation preparation, JobFiles files, JobSettings settings) {
        this.engine = engine;
        this.preparation = preparation;
        this.files = files;
        this.settings = settings;
        this.streams = new JobStreams(engine.threads());
    }

    /** The registry needs its runner before it can be asked. */
    public void connect(Registry opened) {
        registry.complete(opened);
    }

    // What the registry has run

    @Override
    public void run(RegisteredJob job) {
        Feed<JobEvent> events = new Feed<>("job " + job.id(), engine.settings().eventHistory(), engine.threads());
        Feed<OutputLine> output = new Feed<>("the output of job " + job.id(), settings.outputLines(), engine.threads());
        LiveJob attempt = new LiveJob(job, events, output);
        live.put(job.id(), attempt);
        try {
            engine.threads().submit(() -> {
                start(attempt);
                return Done.getInstance();
            });
        } catch (RejectedExecutionException nodeEnds) {
            attempt.left();
        }
    }

    private void start(LiveJob job) {
        PreparedJob code = prepared.remove(job.id());
        if (stopping) {
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
                job.leasedFor(settings.leaseTimeToLive());
                watchLease(job);
            }
        } catch (Throwable cannotRun) {
            // Whatever the user's classes throw: nobody else would end the job.
            log.warn("Job {} cannot be started", job.id(), cannotRun);
            if (code != null) {
                code.close();
            }
            JobResult result =
                    Results.failed(job.registered(), "it cannot be started: " + messageOf(cannotRun), cannotRun);
            job.on(new JobEvent.StateChanged(Duration.ZERO, JobState.QUEUED, result.state(), result.reason()));
            job.on(new JobEvent.Ended(Duration.ZERO, result));
            write(job, result);
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

    private static String messageOf(Throwable thrown) {
        return thrown instanceof NodeException || thrown instanceof SageException
                ? String.valueOf(thrown.getMessage())
                : thrown.toString();
    }

    /** Written down before the job starts: else nobody would know after a crash that it may have done something. */
    private CompletionStage<Done> passStart(LiveJob job) {
        if (stopping) {
            // It stays in the queue, for the next node.
            return new CompletableFuture<>();
        }
        job.startAsked();
        CompletableFuture<Done> passed = new CompletableFuture<>();
        writeStart(job, passed, FIRST_RETRY);
        return passed;
    }

    /** A database that is away for a while delays the start; only what the registry refuses fails it. */
    private void writeStart(LiveJob job, CompletableFuture<Done> passed, Duration retryAfter) {
        registry().thenCompose(asked -> asked.started(job.id(), job.attempt())).whenComplete((done, failed) -> {
            if (failed == null) {
                job.startWritten(Instant.now());
                passed.complete(done);
            } else if (isPassing(failed) && !job.hasEnded()) {
                log.warn("The start of job {} cannot be written down yet; again in {}", job.id(), retryAfter, failed);
                after(retryAfter, () -> writeStart(job, passed, longer(retryAfter)));
            } else {
                passed.completeExceptionally(causeOf(failed));
            }
        });
    }

    private static Duration longer(Duration retryAfter) {
        Duration next = retryAfter.multipliedBy(2);
        return next.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : next;
    }

    /** Whether the same call can have another answer later. */
    private static boolean isPassing(Throwable failed) {
        return !(causeOf(failed) instanceof NodeException refused) || refused.kind() == Kind.UNAVAILABLE;
    }

    private static Throwable causeOf(Throwable failed) {
        return failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
    }

    private CompletableFuture<Done> follow(LiveJob job, Engine.Running running, String program) {
        CompletableFuture<Done> end = new CompletableFuture<>();
        running.output(program, new OutputListener() {
            @Override
            public void line(String line) {
                job.output().tell(new OutputLine(program, line));
            }

            @Override
            public void missed(long lines) {
                job.output()
                        .tell(new OutputLine(program, "[" + lines + " lines are left out here; the file has them]"));
            }

            @Override
            public void ended() {
                end.complete(Done.getInstance());
            }
        });
        return end;
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
                keptCode.put(job.id(), code);
            }
            CompletionStage<Void> allTold = CompletableFuture.allOf(programs.entrySet().stream()
                    .filter(program -> !kept.contains(program.getKey()))
                    .map(Map.Entry::getValue)
                    .toArray(CompletableFuture<?>[]::new));
            allTold.thenRun(() -> job.output().end());
            if (isForTheNextNode(job, result)) {
                job.left();
            } else {
                write(job, result);
            }
        }
    }

    /** A job that waited when the node was stopped; and whatever was here when the engine itself broke. */
    private boolean isForTheNextNode(LiveJob job, JobResult result) {
        boolean waited = stopping && !job.isStartAsked() && result.state() == JobState.CANCELLED;
        return waited || engine.lost().toCompletableFuture().isDone();
    }

    private void write(LiveJob job, JobResult result) {
        Instant endedAt = Instant.now();
        JobDetails details = job.ending(result, endedAt);
        write(job, details, outcome(job, result, details, endedAt), FIRST_RETRY);
    }

    /** Its end must be written down, whatever its texts are made of. */
    private Outcome outcome(LiveJob job, JobResult result, JobDetails details, Instant endedAt) {
        String resultJson = "";
        String eventsJson = "";
        try {
            resultJson = StoredTexts.details(details);
            eventsJson = StoredTexts.events(streams.number(job.firstKept()), job.allEvents());
        } catch (RuntimeException | StackOverflowError unreadable) {
            log.warn("The history will not have all details of job {}", job.id(), unreadable);
        }
        return new Outcome(result.state(), LiveJob.causeOf(result), result.clean(), resultJson, eventsJson, endedAt);
    }

    private void write(LiveJob job, JobDetails details, Outcome outcome, Duration retryAfter) {
        registry()
                .thenCompose(asked -> asked.ended(job.id(), job.attempt(), outcome))
                .whenComplete((done, failed) -> {
                    if (failed == null) {
                        onThreadOrHere(() -> written(job, details));
                    } else if (!isPassing(failed)) {
                        log.error("The end of job {} is not wanted by the registry", job.id(), failed);
                        onThreadOrHere(() -> written(job, details));
                        archived(job.id());
                    } else {
                        log.error(
                                "The end of job {} cannot be written down yet; again in {}",
                                job.id(),
                                retryAfter,
                                failed);
                        after(retryAfter, () -> write(job, details, outcome, longer(retryAfter)));
                    }
                });
    }

    private void written(LiveJob job, JobDetails details) {
        job.ended(details);
        endedCounts
                .computeIfAbsent(details.job().state(), state -> new LongAdder())
                .increment();
        try {
            files.deleteGraph(job.id());
        } catch (IOException e) {
            log.warn("The graph of job {} cannot be deleted; the next start of the node tries again", job.id(), e);
        }
    }

    /** Until now only this node's memory told of its end. */
    @Override
    public void archived(String id) {
        synchronized (ended) {
            ended.add(id);
            while (ended.size() > settings.endedJobs()) {
                live.remove(ended.remove());
            }
        }
    }

    private void after(Duration delay, Runnable action) {
        try {
            engine.system()
                    .scheduler()
                    .scheduleOnce(delay, action, engine.system().executionContext());
        } catch (IllegalStateException nodeEnded) {
            log.debug("Nothing more is done in {}: the node has ended", delay);
        }
    }

    private void onThreadOrHere(Runnable blocking) {
        try {
            engine.threads().submit(() -> {
                blocking.run();
                return Done.getInstance();
            });
        } catch (RejectedExecutionException nodeEnds) {
            blocking.run();
        }
    }

    @Override
    public void cancel(String id, String reason) {
        LiveJob job = live.get(id);
        if (job != null) {
            job.submitted().thenRun(() -> job.handle().ifPresent(running -> running.cancel(reason)));
        }
    }

    // The lease of a client

    private void watchLease(LiveJob job) {
        Duration left = job.leaseLeft();
        after(left.isNegative() ? Duration.ofMillis(1) : left.plusMillis(1), () -> {
            if (job.hasEnded() || stopping) {
                return;
            }
            if (job.leaseLeft().isNegative()) {
                String reason = "its client was lost: no renewal for "
                        + settings.leaseTimeToLive().toSeconds() + " s";
                registry().thenCompose(asked -> asked.cancel(job.id(), reason)).whenComplete((done, failed) -> {
                    if (failed != null && !job.hasEnded()) {
                        log.warn("Job {} lost its client, and its end cannot be written down yet", job.id(), failed);
                        after(LONGEST_RETRY, () -> watchLease(job));
                    }
                });
            } else {
                watchLease(job);
            }
        });
    }

    @Override
    public CompletionStage<LeaseView> renew(String id) {
        return resolve(id).thenApply(found -> {
            LiveJob job = found.requireLive();
            job.leasedFor(settings.leaseTimeToLive());
            return new LeaseView(job.id(), settings.leaseTimeToLive());
        });
    }

    // What clients ask

    @Override
    public CompletionStage<Accepted> submit(JobSubmission submission, Optional<String> key, String owner) {
        if (stopping) {
            return CompletableFuture.failedFuture(new NodeException(
                    Kind.UNAVAILABLE,
                    "node.stopping",
                    "The node is being stopped and takes no more jobs.",
                    "Submit again with the same key when it was started again."));
        }
        return submit(submission, key, owner, ID_TRIES);
    }

    /** Ids are short, and a history is long: now and then one is taken. */
    private CompletionStage<Accepted> submit(
            JobSubmission submission, Optional<String> key, String owner, int triesLeft) {
        return onThread(() -> {
                    PreparedJob job = preparation.prepare(submission, key, owner);
                    prepared.put(job.job().id(), job);
                    return job.job();
                })
                .thenCompose(job -> registry()
                        .thenCompose(asked -> asked.accept(job))
                        .handle((accepted, failed) -> {
                            if (failed == null) {
                                if (accepted.repeated()) {
                                    discard(job, true);
                                }
                                return CompletableFuture.completedStage(
                                        new Accepted(viewOf(accepted), accepted.repeated()));
                            }
                            discard(job, isRefused(failed));
                            boolean again = triesLeft > 1
                                    && causeOf(failed) instanceof NodeException refused
                                    && refused.code().equals("job.id-taken");
                            return again
                                    ? submit(submission, key, owner, triesLeft - 1)
                                    : CompletableFuture.<Accepted>failedStage(causeOf(failed));
                        })
                        .thenCompose(Function.identity()));
    }

    /** Whether it is certain that a job was not accepted; when the database did not answer it may have been, or be yet. */
    private static boolean isRefused(Throwable failed) {
        return causeOf(failed) instanceof NodeException refused
                && (refused.kind() != Kind.UNAVAILABLE || refused.code().equals("registry.busy"));
    }

    /** @param forGood else its graph stays for the case that it runs yet; the next start of the node looks after it */
    private void discard(NewJob job, boolean forGood) {
        PreparedJob code = prepared.remove(job.id());
        if (code != null) {
            code.close();
        }
        if (forGood && !live.containsKey(job.id())) {
            onThreadOrHere(() -> preparation.discard(job.id()));
        }
    }

    private JobView viewOf(Acceptance accepted) {
        if (accepted instanceof Acceptance.Live there) {
            LiveJob job = live.get(there.job().id());
            return job == null ? Results.queued(there.job()) : job.view();
        }
        return ((Acceptance.Finished) accepted).job();
    }

    @Override
    public CompletionStage<JobPage> list(Query query) {
        List<JobView> views = live.values().stream().map(LiveJob::view).toList();
        return onThread(() -> JobPages.merge(views, history().page(query), query));
    }

    @Override
    public CompletionStage<JobDetails> show(String id) {
        return resolve(id).thenApply(Found::details);
    }

    @Override
    public CompletionStage<JobView> order(String id, Order order, String reason) {
        return resolve(id).thenCompose(found -> {
            LiveJob job = found.requireLive();
            if (order == Order.CANCEL) {
                return registry()
                        .thenCompose(asked -> asked.cancel(job.id(), reason))
                        .thenApply(done -> job.view());
            }
            return job.submitted().thenApply(submitted -> {
                Engine.Running running = job.handle().orElseThrow(() -> notRunning(job));
                switch (order) {
                    case PAUSE -> running.pause();
                    case RESUME -> running.resume();
                    default -> running.stop(reason);
                }
                return job.view();
            });
        });
    }

    private static NodeException notRunning(LiveJob job) {
        return job.hasEnded() ? Found.hasEnded(job.id()) : stopping("Try again when it runs again.");
    }

    private static NodeException stopping(String next) {
        return new NodeException(Kind.UNAVAILABLE, "node.stopping", "The node is being stopped.", next);
    }

    @Override
    public CompletionStage<String> plan(String id) {
        return resolve(id).thenCompose(found -> {
            NewJob job = found.requireLive().job();
            return onThread(() -> {
                try {
                    return preparation.plan(job);
                } catch (NoSuchFileException endedMeanwhile) {
                    throw Found.hasEnded(job.id());
                }
            });
        });
    }

    @Override
    public CompletionStage<Following> events(String id, long after, boolean follow, Listener<JobEvent> listener) {
        return resolve(id).thenApply(found -> streams.events(found, after, follow, listener));
    }

    @Override
    public CompletionStage<Following> progress(String id, Listener<JobProgress> listener) {
        return resolve(id).thenCompose(found -> found.submitted().thenApply(done -> streams.progress(found, listener)));
    }

    @Override
    public CompletionStage<Following> output(
            String id, Optional<String> name, long after, OptionalLong tail, Listener<OutputLine> listener) {
        // Which outputs a job has is known when its code is loaded.
        return resolve(id)
                .thenCompose(found -> found.submitted().thenApply(done -> {
                    name.ifPresent(found::requireOutput);
                    return streams.output(found, name, after, tail, listener);
                }));
    }

    @Override
    public CompletionStage<Path> outputFile(String id, String name) {
        return resolve(id)
                .thenCompose(found -> found.submitted().thenApply(done -> found))
                .thenCompose(found -> onThread(() -> {
                    found.requireOutput(name);
                    Path file = name.equals(LiveJob.PRINT)
                            ? files.printed(found.id())
                            : engine.outputFile(found.id(), name);
                    return files.existing(file, "The output '" + name + "' of job " + found.id());
                }));
    }

    @Override
    public CompletionStage<Path> collected(String id, String operator) {
        return resolve(id)
                .thenCompose(found -> onThread(() -> {
                    if (!found.details().collected().contains(operator)) {
                        throw new NodeException(
                                Kind.UNKNOWN,
                                "collected.unknown",
                                "Job " + found.id() + " has no collected records of '" + operator + "'. It has "
                                        + found.details().collected() + ".",
                                "They are there when the job has ended well; see its state with 'sage job show'.");
                    }
                    return files.existing(
                            files.collected(found.id(), operator),
                            "What '" + operator + "' of job " + found.id() + " collected");
                }));
    }

    @Override
    public CompletionStage<byte[]> call(String id, String service, byte[] call) {
        return resolve(id)
                .thenCompose(found -> onThread(() -> {
                    PreparedJob code = keptCode.get(found.id());
                    Optional<ServiceCaller> kept = engine.kept(found.id() + "/" + service);
                    if (code != null && kept.isPresent()) {
                        return CallCodec.execute(call, kept.get(), code.loader());
                    }
                    LiveJob job = found.requireLive();
                    Engine.Running running = job.handle().orElseThrow(() -> notRunning(job));
                    PreparedJob loaded = job.code().orElseThrow(() -> notRunning(job));
                    return CallCodec.execute(call, running.caller(service), loaded.loader());
                }));
    }

    /** Services that outlived their job have been ended; so has the need of the job's code. */
    public void keptEnded(String jobId) {
        boolean more =
                engine.keptServices().stream().anyMatch(kept -> kept.name().startsWith(jobId + "/"));
        PreparedJob code = more ? null : keptCode.remove(jobId);
        if (code != null) {
            code.close();
        }
    }

    // The end of the node

    /** Takes no more jobs, and starts none of those that wait. */
    public void stopIntake() {
        stopping = true;
    }

    public boolean isStopping() {
        return stopping;
    }

    /** Completed when the outcomes of all jobs that have ended, or are about to, are in the journal. */
    public CompletionStage<Done> allWritten() {
        return CompletableFuture.allOf(
                        live.values().stream().map(LiveJob::written).toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> Done.getInstance());
    }

    /** Completed when the jobs that have started have ended. */
    public CompletionStage<Done> startedEnded() {
        return CompletableFuture.allOf(live.values().stream()
                        .filter(LiveJob::isStartAsked)
                        .map(LiveJob::written)
                        .toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> Done.getInstance());
    }

    /** Live jobs, and those that have ended since the start of the node, by state. */
    public Map<JobState, Long> counts() {
        Map<JobState, Long> counts = new EnumMap<>(JobState.class);
        endedCounts.forEach((state, count) -> counts.put(state, count.sum()));
        live.values().stream()
                .filter(job -> !job.hasEnded())
                .forEach(job -> counts.merge(job.view().state(), 1L, Long::sum));
        return counts;
    }

    /** What is shown of a job that has not ended. */
    public Optional<JobView> live(String id) {
        return Optional.ofNullable(live.get(id)).filter(job -> !job.hasEnded()).map(LiveJob::view);
    }

    /** Those that have not ended. */
    public Stream<NewJob> liveJobs() {
        return live.values().stream().filter(job -> !job.hasEnded()).map(LiveJob::job);
    }

    private CompletionStage<Registry> registry() {
        return registry;
    }

    private History history() {
        return registry.join().history();
    }

    private CompletionStage<Found> resolve(String id) {
        LiveJob exact = live.get(id);
        return exact != null
                ? CompletableFuture.completedFuture(new Found.Live(exact))
                : onThread(() -> Found.byPrefix(id, live.values(), history()));
    }

    private <T> CompletableFuture<T> onThread(Callable<T> blocking) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            engine.threads().submit(() -> {
                try {
                    answer.complete(blocking.call());
                } catch (InvalidGraphException e) {
                    answer.completeExceptionally(new NodeException(
                            Kind.UNPROCESSABLE, e.code(), messageOf(e), "Change the pipeline as the message says.", e));
                } catch (ServiceException e) {
                    answer.completeExceptionally(new NodeException(
                            Kind.CONFLICT, e.code(), messageOf(e), "See the job's state with 'sage job show'.", e));
                } catch (Throwable e) {
                    answer.completeExceptionally(e);
                }
                return Done.getInstance();
            });
        } catch (RejectedExecutionException nodeEnds) {
            answer.completeExceptionally(stopping("Ask again when it runs."));
        }
        return answer;
    }
}
