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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what the registry has written down, and answers for live jobs and, from the history, for finished ones. */
public final class NodeJobs implements Jobs, Runner {
    private static final Logger log = LoggerFactory.getLogger(NodeJobs.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

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
        execute(attempt, () -> start(attempt));
    }

    private void execute(LiveJob job, Runnable body) {
        try {
            engine.threads().submit(() -> {
                body.run();
                return Done.getInstance();
            });
        } catch (RejectedExecutionException nodeEnds) {
            job.left();
        }
    }

    private void start(LiveJob job) {
        PreparedJob code = prepared.remove(job.id());
        try {
            if (code == null) {
                code = preparation.load(job.job());
            }
            job.prints(code.prints(), code.collects());
            code.connect(job.output());
            PreparedJob loaded = code;
            Engine.Running running = submit(job, code);
            job.submittedAs(running, code);
            List<CompletableFuture<Done>> programs = running.programs().stream()
                    .map(name -> follow(job, running, name))
                    .toList();
            running.events(event -> on(job, loaded, programs, event));
            if (!job.job().options().detached()) {
                job.leasedFor(settings.leaseTimeToLive());
                watchLease(job);
            }
        } catch (RuntimeException | IOException | LinkageError cannotRun) {
            log.warn("Job {} cannot be started", job.id(), cannotRun);
            if (code != null) {
                code.close();
            }
            JobResult result =
                    Results.failed(job.registered(), "it cannot be started: " + messageOf(cannotRun), cannotRun);
            job.on(new JobEvent.StateChanged(Duration.ZERO, JobState.QUEUED, result.state(), result.reason()));
            job.on(new JobEvent.Ended(Duration.ZERO, result));
            write(job, result, FIRST_RETRY);
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
        return registry()
                .thenCompose(asked -> asked.started(job.id(), job.attempt()))
                .thenApply(done -> {
                    job.startWritten(Instant.now());
                    return done;
                });
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

    private void on(LiveJob job, PreparedJob code, List<CompletableFuture<Done>> programs, JobEvent event) {
        job.on(event);
        if (event instanceof JobEvent.Ended last) {
            JobResult result = last.result();
            code.finish();
            if (result.cleanup().kept().isEmpty()) {
                code.close();
                CompletionStage<Void> allTold = CompletableFuture.allOf(programs.toArray(CompletableFuture<?>[]::new));
                allTold.thenRun(() -> job.output().end());
            } else {
                keptCode.put(job.id(), code);
                job.output().end();
            }
            if (stopping && !job.isStartWritten() && result.state() == JobState.CANCELLED) {
                job.left();
            } else {
                write(job, result, FIRST_RETRY);
            }
        }
    }

    private void write(LiveJob job, JobResult result, Duration retryAfter) {
        Instant endedAt = Instant.now();
        JobDetails details = job.ending(result, endedAt);
        Outcome outcome = new Outcome(
                result.state(),
                LiveJob.causeOf(result),
                result.clean(),
                StoredTexts.details(details),
                StoredTexts.events(streams.number(job.firstKept()), job.allEvents()),
                endedAt);
        registry()
                .thenCompose(asked -> asked.ended(job.id(), job.attempt(), outcome))
                .whenComplete((done, failed) -> {
                    if (failed == null) {
                        written(job, details);
                    } else {
                        log.error(
                                "The end of job {} cannot be written down yet; again in {}",
                                job.id(),
                                retryAfter,
                                failed);
                        Duration next = retryAfter.multipliedBy(2);
                        after(
                                retryAfter,
                                () -> write(job, result, next.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : next));
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
        engine.system().scheduler().scheduleOnce(delay, action, engine.system().executionContext());
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
        return onThread(() -> {
                    PreparedJob job = preparation.prepare(submission, key, owner);
                    prepared.put(job.job().id(), job);
                    return job.job();
                })
                .thenCompose(job -> registry()
                        .thenCompose(asked -> asked.accept(job))
                        .handle((accepted, failed) -> {
                            if (failed != null || accepted.repeated()) {
                                discard(job);
                            }
                            if (failed != null) {
                                throw asCompletion(failed);
                            }
                            return new Accepted(viewOf(accepted), accepted.repeated());
                        }));
    }

    private void discard(NewJob job) {
        PreparedJob code = prepared.remove(job.id());
        if (code != null) {
            code.close();
        }
        // Whether it was accepted is not known when the database did not answer; its next start looks after the file.
        if (!live.containsKey(job.id())) {
            preparation.discard(job.id());
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
                Engine.Running running = job.handle().orElseThrow(() -> Found.hasEnded(job.id()));
                switch (order) {
                    case PAUSE -> running.pause();
                    case RESUME -> running.resume();
                    default -> running.stop(reason);
                }
                return job.view();
            });
        });
    }

    @Override
    public CompletionStage<String> plan(String id) {
        return resolve(id).thenCompose(found -> {
            NewJob job = found.requireLive().job();
            return onThread(() -> preparation.plan(job));
        });
    }

    @Override
    public CompletionStage<Following> events(String id, long after, Listener<JobEvent> listener) {
        return resolve(id).thenApply(found -> streams.events(found, after, listener));
    }

    @Override
    public CompletionStage<Following> progress(String id, Listener<JobProgress> listener) {
        return resolve(id).thenCompose(found -> found.submitted().thenApply(done -> streams.progress(found, listener)));
    }

    @Override
    public CompletionStage<Following> output(
            String id, Optional<String> name, long after, Listener<OutputLine> listener) {
        return resolve(id).thenApply(found -> {
            name.ifPresent(found::requireOutput);
            return streams.output(found, name, after, listener);
        });
    }

    @Override
    public CompletionStage<Path> outputFile(String id, String name) {
        return resolve(id)
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
                    Engine.Running running = job.handle().orElseThrow(() -> Found.hasEnded(job.id()));
                    PreparedJob loaded = job.code().orElseThrow(() -> Found.hasEnded(job.id()));
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

    /** Completed when the outcomes of all jobs that have ended, or are about to, are in the journal. */
    public CompletionStage<Done> allWritten() {
        return CompletableFuture.allOf(
                        live.values().stream().map(LiveJob::written).toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> Done.getInstance());
    }

    /** Completed when the jobs that have started have ended. */
    public CompletionStage<Done> startedEnded() {
        return CompletableFuture.allOf(live.values().stream()
                        .filter(LiveJob::isStartWritten)
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
            answer.completeExceptionally(new NodeException(
                    Kind.UNAVAILABLE, "node.stopping", "The node is being stopped.", "Ask again when it runs."));
        }
        return answer;
    }

    private static CompletionException asCompletion(Throwable failed) {
        return failed instanceof CompletionException completion ? completion : new CompletionException(failed);
    }
}
