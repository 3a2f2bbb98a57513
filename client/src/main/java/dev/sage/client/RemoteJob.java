package dev.sage.client;

import dev.sage.api.JobEvent;
import dev.sage.api.JobHandle;
import dev.sage.api.JobLeases;
import dev.sage.api.JobProgress;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.OutputListener;
import dev.sage.api.ServiceProxy;
import dev.sage.api.Subscription;
import dev.sage.client.http.EventStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A job at the node, as its submitter sees it. */
final class RemoteJob implements JobHandle {
    private final String id;
    private final String name;
    private final Set<String> programs;
    private final NodeApi api;
    private final JobWatch watch;
    private final OutputCopies copies;
    private final @Nullable BesideJob beside;

    /**
     * Of a job that the node has accepted.
     *
     * @param programs the names of its commands and process services
     * @param beside those of them that run here; null when there are none
     */
    RemoteJob(
            String id,
            String name,
            Set<String> programs,
            NodeApi api,
            JobWatch watch,
            OutputCopies copies,
            @Nullable BesideJob beside) {
        this.id = id;
        this.name = name;
        this.programs = Set.copyOf(programs);
        this.api = api;
        this.watch = watch;
        this.copies = copies;
        this.beside = beside;
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
        return watch.state();
    }

    @Override
    public JobProgress progress() {
        CompletableFuture<JobResult> end = watch.end();
        if (end.isDone() && !end.isCompletedExceptionally()) {
            JobResult result = end.join();
            return new JobProgress(result.state(), result.tasks());
        }
        return api.show(id).progress();
    }

    @Override
    public JobLeases leases() {
        return watch.leases();
    }

    @Override
    public Subscription events(Consumer<? super JobEvent> listener) {
        Objects.requireNonNull(listener, "listener");
        return subscribed(api.http()
                .events(NodeApi.path(id) + "/events", 0, "sage-events-" + id, new Told.Events(listener, watch)));
    }

    @Override
    public Subscription progress(Consumer<? super JobProgress> listener) {
        Objects.requireNonNull(listener, "listener");
        return subscribed(api.http()
                .news(NodeApi.path(id) + "/progress", "sage-progress-" + id, new Told.Progress(listener, watch)));
    }

    @Override
    public Subscription output(String holder, OutputListener listener) {
        requireProgram(holder);
        Objects.requireNonNull(listener, "listener");
        if (beside != null && beside.has(holder)) {
            return beside.local().output(holder, listener);
        }
        return subscribed(api.http()
                .events(
                        NodeApi.path(id) + "/logs?follow=true&name=" + NodeApi.escaped(holder),
                        0,
                        "sage-output-" + id,
                        new Told.Output(listener, watch)));
    }

    private static Subscription subscribed(EventStream stream) {
        return stream::close;
    }

    @Override
    public Path outputFile(String holder) {
        requireProgram(holder);
        return beside != null && beside.has(holder) ? beside.local().outputFile(holder) : copies.copy(id, holder);
    }

    private void requireProgram(String holder) {
        if (!programs.contains(holder)) {
            throw new IllegalArgumentException("Job " + id + " has no command or process service '" + holder
                    + "'. It has " + new TreeSet<>(programs) + ".");
        }
    }

    @Override
    public <I> I service(String service, Class<I> type) {
        RemoteCaller caller = new RemoteCaller(api, id, service);
        return ServiceProxy.of(service, type, () -> caller);
    }

    @Override
    public void pause() {
        order("pause", "paused on request");
    }

    @Override
    public void resume() {
        order("resume", "resumed on request");
    }

    @Override
    public void stop() {
        order("stop", "stopped on request");
    }

    @Override
    public void cancel() {
        order("cancel", "cancelled on request");
    }

    void order(String order, String reason) {
        if (!watch.jobHasEnded()) {
            api.order(id, order, reason);
        }
    }

    @Override
    public void awaitIdle() throws InterruptedException {
        watch.awaitIdle();
    }

    @Override
    public JobResult awaitClean() throws InterruptedException {
        return watch.awaitClean(Optional.empty()).orElseThrow();
    }

    @Override
    public JobResult awaitClean(Duration timeout) throws InterruptedException, TimeoutException {
        return watch.awaitClean(Optional.of(timeout))
                .orElseThrow(() -> new TimeoutException("Job " + name + " (" + id + ") is " + state() + " after "
                        + timeout + ", and runs on. Wait longer, or stop() or cancel() it."));
    }

    @Override
    public CompletionStage<JobResult> result() {
        return watch.end().minimalCompletionStage();
    }
}
