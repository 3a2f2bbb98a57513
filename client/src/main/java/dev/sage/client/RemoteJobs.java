package dev.sage.client;

import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.KeptService;
import dev.sage.api.SageException;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.client.http.EventStream;
import dev.sage.client.http.HttpTimes;
import dev.sage.client.ship.CallCodec;
import dev.sage.client.wire.JobView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs of one environment that have not ended: holds those that are attached, and ends them with the environment. */
final class RemoteJobs implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RemoteJobs.class);

    /** @param shared whether it is only there for a shared service, which lasts longer than the jobs that call it */
    private record Live(RemoteJob job, JobWatch watch, boolean attached, boolean shared) {}

    private final String environment;
    private final NodeApi api;
    private final RemoteOptions options;
    private final CountDownLatch closing;
    private final LeaseKeeper leases;
    private final OutputCopies copies;
    private final ClientPrograms programs;
    private final Set<Live> live = ConcurrentHashMap.newKeySet();
    private final List<RemoteShared> sharedServices = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closeBegun = new AtomicBoolean();
    private final CompletableFuture<Void> hurried = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Thread atExit = new Thread(this::close, "sage-exit");

    /**
     * None yet.
     *
     * @param programs closed with this
     * @param closing at zero from the begin of {@link #close} on
     */
    RemoteJobs(
            String environment, NodeApi api, RemoteOptions options, ClientPrograms programs, CountDownLatch closing) {
        this.environment = environment;
        this.api = api;
        this.options = options;
        this.closing = closing;
        this.leases = new LeaseKeeper(api);
        this.copies = new OutputCopies(environment, api);
        this.programs = programs;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** @param beside its programs that run here; null when it has none */
    JobHandle add(JobView view, JobGraph graph, Set<String> programs, @Nullable BesideJob beside) {
        return follow(view, graph, programs, false, beside).job();
    }

    /** @param graph with this service only */
    RemoteShared addShared(JobView view, JobGraph graph, Set<String> programs, String service) {
        Live job = follow(view, graph, programs, true, null);
        RemoteShared added = new RemoteShared(
                environment,
                service,
                api,
                job.job(),
                job.watch(),
                options.times().giveUp());
        sharedServices.add(added);
        return added;
    }

    /** Those that have not ended. */
    List<KeptService> sharedServices() {
        sharedServices.removeIf(RemoteShared::hasEnded);
        return List.copyOf(sharedServices);
    }

    private Live follow(
            JobView view, JobGraph graph, Set<String> programs, boolean shared, @Nullable BesideJob beside) {
        String id = view.id();
        JobWatch watch =
                new JobWatch(id, view.state(), api, new Collected(api, id, graph), () -> closing.getCount() == 0);
        Live added = new Live(
                new RemoteJob(id, view.name(), programs, api, watch, copies, beside), watch, !view.detached(), shared);
        live.add(added);
        watch.beside(beside);
        if (beside != null) {
            beside.onDeath((program, why) -> failBeside(added, program, why));
            show(beside);
        }
        Optional<EventStream> terminal = terminal(id, graph, programs, watch);
        terminal.ifPresent(stream -> watch.printing(stream.done()));
        EventStream events = api.http().events(NodeApi.path(id) + "/events", 0, "sage-job-" + id, watch);
        if (added.attached()) {
            leases.keep(id);
        }
        var unusedLoss = events.done().thenRun(() -> lose(id, watch));
        var unusedEnd = watch.end().whenComplete((result, failure) -> {
            live.remove(added);
            leases.forget(id);
            if (failure != null) {
                // Otherwise it has heard its end, and its connection may serve the next job.
                events.close();
            }
            terminal.ifPresent(EventStream::close);
        });
        return added;
    }

    /** The job fails as by any of its services; one that waits, or cannot be told, is cancelled. */
    private void failBeside(Live job, String program, String why) {
        String id = job.job().id();
        try {
            if (job.watch().state() != JobState.QUEUED) {
                Waiting.get(job.watch().begun(), Optional.empty());
            }
            byte[] answer = api.call(id, program, CallCodec.call("failed", new Object[] {why}));
            CallCodec.answer(answer, RemoteJobs.class.getClassLoader());
        } catch (Throwable notHeard) {
            log.debug("Service '{}' of job {} cannot be told to have failed", program, id, notHeard);
            try {
                api.order(id, "cancel", "service '" + program + "' at its client has failed: " + why);
            } catch (SageException unreachable) {
                log.warn(
                        "Service '{}' at the client has failed, and its job {} does not know",
                        program,
                        id,
                        unreachable);
            }
        }
    }

    private void show(BesideJob beside) {
        if (options.showsOutput()) {
            beside.names()
                    .forEach(program ->
                            beside.local().output(program, line -> System.out.println(program + ": " + line)));
        }
    }

    /** Whatever ended the watch, nobody is to wait for ever. */
    private static void lose(String id, JobWatch watch) {
        if (!watch.end().isDone()) {
            watch.failed(new SageException(
                    "job.lost",
                    "What the node tells of job " + id + " could not be read, see the log before. See \"sage job show "
                            + id + "\"."));
        }
    }

    private Optional<EventStream> terminal(String id, JobGraph graph, Set<String> programs, JobWatch watch) {
        boolean prints = graph.vertices().stream().anyMatch(vertex -> vertex.operator() instanceof Operator.Print);
        boolean all = options.showsOutput() && !programs.isEmpty();
        if (!prints && !all) {
            return Optional.empty();
        }
        String path = NodeApi.path(id) + "/logs?follow=true" + (all ? "" : "&name=" + Terminal.PRINT);
        return Optional.of(
                api.http().events(path, 0, "sage-print-" + id, new Terminal(System.out, watch::jobHasEnded)));
    }

    /** Drains all, and waits for their end; shared services stay. */
    void stop() throws InterruptedException {
        List<Live> jobs = live.stream().filter(one -> !one.shared()).toList();
        jobs.forEach(one -> one.job().stop());
        for (Live one : jobs) {
            Waiting.get(one.watch().end(), Optional.empty());
        }
    }

    /** Who closes waits no longer; the node goes on. */
    void hurry() {
        programs.hurry();
        hurried.complete(null);
    }

    @Override
    public void close() {
        if (!closeBegun.compareAndSet(false, true)) {
            await(closed, options.closeTimeout().multipliedBy(2));
            return;
        }
        forgetExit();
        closing.countDown();
        try {
            long deadlineNs = System.nanoTime() + options.closeTimeout().toNanos();
            endAttached(one -> !one.shared(), options.closeTimeout());
            // Their functions call these, up to the end.
            endAttached(Live::shared, Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime())));
        } finally {
            leases.close();
            live.forEach(one -> one.watch()
                    .failed(new SageException(
                            "environment.closed",
                            "Environment '" + environment + "' was closed, and job "
                                    + one.job().id() + " goes on without it.")));
            copies.close();
            programs.close();
            closed.complete(null);
        }
    }

    private void forgetExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            log.debug("The JVM is being ended; the jobs of environment '{}' end with it", environment);
        }
    }

    private void endAttached(Predicate<Live> which, Duration within) {
        Predicate<Live> ending = which.and(Live::attached);
        CompletableFuture<?>[] ends =
                live.stream().filter(ending).map(this::end).toArray(CompletableFuture<?>[]::new);
        if (await(CompletableFuture.allOf(ends), within)) {
            return;
        }
        live.stream()
                .filter(ending)
                .forEach(one -> log.warn(
                        "Job {} has not been cleaned up within {} s; the node goes on with it. See \"sage job show {}\".",
                        one.job().id(),
                        options.closeTimeout().toSeconds(),
                        one.job().id()));
    }

    /** Completed when the job has ended, or cannot be told to. */
    private CompletableFuture<JobResult> end(Live one) {
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> told.complete(cancel(one)), "sage-close-" + one.job().id());
        thread.setDaemon(true);
        thread.start();
        return told.thenCompose(heard -> heard ? one.watch().end() : CompletableFuture.completedFuture(null));
    }

    private boolean cancel(Live one) {
        try {
            impatient().order(one.job().id(), "cancel", "its client closed environment '" + environment + "'");
            return true;
        } catch (RuntimeException unreachable) {
            log.warn(
                    "Job {} could not be cancelled: {} The node ends it when it has not heard of this client for {} s.",
                    one.job().id(),
                    unreachable.getMessage(),
                    leases.timeToLive().toSeconds());
            return false;
        }
    }

    /** Nobody waits for an answer that comes after the close. */
    private NodeApi impatient() {
        HttpTimes times = api.http().times();
        return api.with(
                new HttpTimes(shorter(times.connect()), shorter(times.answer()), times.silence(), times.giveUp()));
    }

    private Duration shorter(Duration time) {
        return time.compareTo(options.closeTimeout()) < 0 ? time : options.closeTimeout();
    }

    /** Whether it is completed, in one way or another, in time. */
    private boolean await(CompletableFuture<?> all, Duration timeout) {
        try {
            Waiting.get(CompletableFuture.anyOf(all.handle((done, lost) -> true), hurried), Optional.of(timeout));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return all.isDone();
    }
}
