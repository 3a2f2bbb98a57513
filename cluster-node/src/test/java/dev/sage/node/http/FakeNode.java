package dev.sage.node.http;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobState;
import dev.sage.client.wire.DecisionView;
import dev.sage.client.wire.GpuView;
import dev.sage.client.wire.LedgerView;
import dev.sage.client.wire.NodeView;
import dev.sage.client.wire.ResourcesView;
import dev.sage.client.wire.ServiceView;
import dev.sage.node.NodeApi;
import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A node with two GPUs. */
final class FakeNode implements NodeApi {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    final AtomicInteger stops = new AtomicInteger();
    volatile Optional<String> notReady = Optional.empty();
    /** Completed by hand where a test wants the answer to take its time. */
    volatile CompletionStage<List<NodeView>> nodes = CompletableFuture.completedFuture(
            List.of(new NodeView("i1", "0.1.0", 17, 4711, "127.0.0.1", 19001, NOON, "/var/lib/sage")));

    @Override
    public CompletionStage<Optional<String>> notReady() {
        return CompletableFuture.completedFuture(notReady);
    }

    @Override
    public CompletionStage<List<NodeView>> nodes() {
        return nodes;
    }

    @Override
    public CompletionStage<ResourcesView> resources() {
        return done(new ResourcesView(
                List.of(new GpuView(0, "0badcafe", false, null), new GpuView(1, null, true, "somebody else uses it")),
                "38000-38050",
                List.of(new ResourcesView.PortView(38000, "0badcafe")),
                List.of(new ResourcesView.WaitingView("1badcafe", "train", "ann", "waits for 2 GPUs"))));
    }

    @Override
    public CompletionStage<GpuView> drain(int gpu, boolean drained) {
        return gpu > 1
                ? CompletableFuture.failedFuture(new NodeException(
                        Kind.UNKNOWN, "gpu.unknown", "There is no GPU " + gpu + ".", "See resources."))
                : done(new GpuView(gpu, null, drained, null));
    }

    @Override
    public CompletionStage<List<DecisionView>> decisions(int limit) {
        return done(List.of(new DecisionView(1, NOON, "0badcafe", "STARTED", "its turn", List.of("GPU 0 chosen"))));
    }

    @Override
    public CompletionStage<List<LedgerView>> ledger() {
        return done(List.of(new LedgerView(1, "0badcafe", 1, "train", "gpu", "0")));
    }

    @Override
    public CompletionStage<List<ServiceView>> services() {
        return done(List.of(new ServiceView("0badcafe/model"), new ServiceView("shared")));
    }

    @Override
    public CompletionStage<CleanupReport> endService(String name) {
        return name.equals("0badcafe/model") || name.equals("shared") || name.equals("model")
                ? done(new CleanupReport(List.of(new CleanupReport.Line(
                        "service", name, "stop", CleanupReport.Outcome.RELEASED, "", Duration.ofMillis(5)))))
                : CompletableFuture.failedFuture(new NodeException(
                        Kind.UNKNOWN, "service.unknown", "There is no service " + name + ".", "List them."));
    }

    @Override
    public CompletionStage<Map<JobState, Long>> jobCounts() {
        return done(Map.of(JobState.RUNNING, 2L, JobState.FAILED, 1L));
    }

    @Override
    public void stop() {
        stops.incrementAndGet();
    }

    private static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
