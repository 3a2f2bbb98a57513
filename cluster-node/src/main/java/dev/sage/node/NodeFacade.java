package dev.sage.node;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobState;
import dev.sage.api.KeptService;
import dev.sage.client.wire.DecisionView;
import dev.sage.client.wire.GpuView;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.LedgerView;
import dev.sage.client.wire.NodeView;
import dev.sage.client.wire.ResourcesView;
import dev.sage.client.wire.ResourcesView.PortView;
import dev.sage.client.wire.ResourcesView.WaitingView;
import dev.sage.client.wire.ServiceView;
import dev.sage.node.NodeException.Kind;
import dev.sage.node.job.NodeJobs;
import dev.sage.node.job.Registry;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.core.schedule.Lessee;
import dev.sage.runtime.core.schedule.Pool;
import dev.sage.runtime.core.schedule.Schedule;
import dev.sage.runtime.local.Engine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** What the node tells of itself, and is told, over HTTP. */
final class NodeFacade implements NodeApi {
    private final Engine engine;
    private final NodeJobs jobs;
    private final Registry registry;
    private final CompletableFuture<Done> stopAsked;
    private volatile @Nullable NodeView view;

    /** @param stopAsked completed by {@link #stop} */
    NodeFacade(Engine engine, NodeJobs jobs, Registry registry, CompletableFuture<Done> stopAsked) {
        this.engine = engine;
        this.jobs = jobs;
        this.registry = registry;
        this.stopAsked = stopAsked;
    }

    void ready(NodeView described) {
        view = described;
    }

    @Override
    public CompletionStage<Optional<String>> notReady() {
        if (stopAsked.isDone() || jobs.isStopping()) {
            return CompletableFuture.completedFuture(Optional.of("The node is being stopped."));
        }
        return view == null
                ? CompletableFuture.completedFuture(Optional.of("The node is being started."))
                : registry.outage().thenApply(away -> away.map(why -> "No job can be taken: " + why));
    }

    @Override
    public CompletionStage<List<NodeView>> nodes() {
        NodeView described = view;
        return CompletableFuture.completedFuture(described == null ? List.of() : List.of(described));
    }

    @Override
    public CompletionStage<ResourcesView> resources() {
        return onThread(() -> {
            Schedule schedule = engine.schedule();
            Pool gpus = schedule.gpus();
            Set<Integer> rays = engine.gpusOfRay();
            Pool ports = schedule.ports();
            return new ResourcesView(
                    Stream.concat(gpus.numbers().stream(), rays.stream())
                            .distinct()
                            .sorted()
                            .map(id -> rays.contains(id)
                                    ? new GpuView(id, "ray-cluster", gpus.isDraining(id), null)
                                    : view(gpus, id))
                            .toList(),
                    ports.isElastic() ? null : engine.settings().config().getString("sage.ports.range"),
                    ports.numbers().stream()
                            .flatMap(number ->
                                    ports.lessee(number).stream().map(lessee -> new PortView(number, lessee.job())))
                            .toList(),
                    schedule.waitingInOrder().stream().map(this::waiting).toList());
        });
    }

    private static GpuView view(Pool gpus, int id) {
        return new GpuView(
                id,
                gpus.lessee(id).map(Lessee::job).orElse(null),
                gpus.isDraining(id),
                gpus.trouble(id).orElse(null));
    }

    private WaitingView waiting(String id) {
        Optional<JobView> job = jobs.live(id);
        return new WaitingView(
                id,
                job.map(JobView::name).orElse(id),
                job.map(JobView::owner).orElse(""),
                job.map(JobView::cause).orElse(""));
    }

    @Override
    public CompletionStage<GpuView> drain(int gpu, boolean drained) {
        return onThread(() -> {
            if (!engine.schedule().gpus().numbers().contains(gpu)) {
                throw new NodeException(
                        Kind.UNKNOWN,
                        "gpu.unknown",
                        "There is no GPU " + gpu + "; the node has "
                                + engine.schedule().gpus().numbers() + ".",
                        "Give one of these, or configure it with sage.gpus.ids.");
            }
            if (drained) {
                engine.resources().drainGpus(gpu);
            } else {
                engine.resources().undrainGpus(gpu);
            }
            jobs.resourcesChanged();
            return view(engine.schedule().gpus(), gpu);
        });
    }

    @Override
    public CompletionStage<List<DecisionView>> decisions(int limit) {
        return onThread(() -> {
            List<DecisionView> decisions = new ArrayList<>();
            engine.resources()
                    .decisions()
                    .forEach(decision -> decisions.add(new DecisionView(
                            decision.number(),
                            decision.at(),
                            decision.job(),
                            decision.outcome(),
                            decision.reason(),
                            decision.candidates())));
            Collections.reverse(decisions);
            return List.copyOf(decisions.subList(0, Math.min(limit, decisions.size())));
        });
    }

    @Override
    public CompletionStage<List<LedgerView>> ledger() {
        return onThread(() -> engine.held().stream().map(NodeFacade::view).toList());
    }

    private static LedgerView view(LedgerEntry entry) {
        Resource resource = entry.resource();
        String kind;
        String name;
        if (resource instanceof Resource.Gpu gpu) {
            kind = "gpu";
            name = Integer.toString(gpu.id());
        } else if (resource instanceof Resource.Port port) {
            kind = "port";
            name = Integer.toString(port.number());
        } else if (resource instanceof Resource.RayActor actor) {
            kind = "ray-actor";
            name = actor.name();
        } else {
            kind = "process";
            name = ((Resource.ProcessTree) resource)
                    .first()
                    .map(first -> Long.toString(first.pid()))
                    .orElse("");
        }
        return new LedgerView(entry.number(), entry.job(), entry.epoch(), entry.holder(), kind, name);
    }

    @Override
    public CompletionStage<List<ServiceView>> services() {
        return onThread(() -> engine.keptServices().stream()
                .map(kept -> new ServiceView(kept.name()))
                .toList());
    }

    @Override
    public CompletionStage<CleanupReport> endService(String name) {
        return onThread(() -> {
            KeptService service = engine.keptServices().stream()
                    .filter(kept -> kept.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new NodeException(
                            Kind.UNKNOWN,
                            "service.unknown",
                            "There is no kept or shared service '" + name + "'.",
                            "See what there is with 'sage service list'."));
            return service.end();
        });
    }

    @Override
    public CompletionStage<Map<JobState, Long>> jobCounts() {
        return CompletableFuture.completedFuture(jobs.counts());
    }

    @Override
    public void stop() {
        // Asked again, it is in a hurry.
        if (!stopAsked.complete(Done.getInstance())) {
            engine.hurry();
        }
    }

    private <T> CompletionStage<T> onThread(Callable<T> blocking) {
        try {
            return engine.threads().submit(blocking).result();
        } catch (RejectedExecutionException nodeEnds) {
            return CompletableFuture.failedFuture(new NodeException(
                    Kind.UNAVAILABLE,
                    "node.stopping",
                    "The node is being stopped.",
                    "Ask again when it runs.",
                    nodeEnds));
        }
    }
}
