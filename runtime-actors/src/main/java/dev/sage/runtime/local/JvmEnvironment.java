package dev.sage.runtime.local;

import dev.sage.api.GraphEnvironment;
import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.KeptService;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Resources;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.runtime.dispatch.JobDefinition;
import dev.sage.runtime.job.JobManager;
import dev.sage.runtime.node.NodeSeam;
import dev.sage.runtime.plan.Plan;
import dev.sage.runtime.plan.Planner;
import dev.sage.runtime.plan.SharedFunctions;
import dev.sage.runtime.service.ServiceCell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A local environment: plans graphs and hands them to its node. */
final class JvmEnvironment extends GraphEnvironment implements LocalEnvironment {
    private static final Logger log = LoggerFactory.getLogger(JvmEnvironment.class);

    private final LocalNode node;
    private final NodeSeam seam;
    private final Map<JvmJob, JobDefinition> live = new ConcurrentHashMap<>();
    private volatile boolean closed;

    JvmEnvironment(String name, LocalNode node, NodeSeam seam) {
        super(name);
        this.node = node;
        this.seam = seam;
        node.lost().thenRun(this::loseJobs);
    }

    @Override
    protected String explain(JobGraph graph) {
        return Planner.plan(graph, node.settings().dataPlane().keyGroups()).describe();
    }

    @Override
    protected JobHandle submit(JobGraph submitted, SubmitOptions options) {
        if (closed) {
            throw new SageException(
                    "environment.closed", "Environment '" + name() + "' was closed and takes no more jobs.");
        }
        JobGraph graph = seam.submitted(submitted);
        checkOptions(graph, options);
        checkParallelism(graph);
        Demands demands = Demands.of(graph, options);
        if (!demands.programs().isEmpty()) {
            node.outside().requireProcesses();
        }
        Plan plan = Planner.plan(graph, node.settings().dataPlane().keyGroups());
        SharedFunctions.warnings(graph).forEach(log::warn);
        String id = UUID.randomUUID().toString().substring(0, 8);
        long submittedNs = System.nanoTime();
        JvmJob job = new JvmJob(id, name(), demands.programs().keySet(), node, submittedNs, live::remove);
        JobDefinition definition = new JobDefinition(
                id,
                name(),
                graph,
                plan,
                options,
                JobSpecs.of(id, graph, plan, demands, options, node.settings()),
                demands.demand(),
                job,
                submittedNs);
        live.put(job, definition);
        node.tell(new JobManager.Submit(definition));
        if (node.isLost()) {
            loseJobs();
        }
        return job;
    }

    /** The JobManager has died, and everything that it owned is gone. */
    private void loseJobs() {
        live.forEach((job, definition) -> job.ended(definition.result(
                JobState.FAILED, "its JobManager died; close environment '" + name() + "' and create another")));
    }

    @Override
    protected ServiceCaller startShared(ServiceSpec service) {
        if (closed || node.isLost()) {
            throw new SageException(
                    "environment.closed", "Environment '" + name() + "' was closed and starts no more services.");
        }
        if (service.body() instanceof ServiceBody.OfProcess) {
            node.outside().requireProcesses();
        }
        ServiceCell cell = ServiceCell.shared(service, node.outside(), name(), node.settings());
        node.tell(new JobManager.StartShared(cell, Demands.of(service)));
        return cell;
    }

    private void checkParallelism(JobGraph graph) {
        int max = node.settings().maxParallelism();
        graph.vertices().stream()
                .filter(vertex -> vertex.parallelism() > max)
                .findFirst()
                .ifPresent(vertex -> {
                    throw new InvalidGraphException("The parallelism of '" + vertex.name() + "' is "
                            + vertex.parallelism() + "; at most " + max + " is allowed (sage.job.max-parallelism).");
                });
    }

    private static void checkOptions(JobGraph graph, SubmitOptions options) {
        List<String> names = graph.services().stream().map(ServiceSpec::name).toList();
        for (String kept : options.keptServices()) {
            if (!names.contains(kept)) {
                throw new InvalidGraphException(
                        "keepServices names '" + kept + "', which is not declared. The services are " + names + ".");
            }
        }
        for (ServiceSpec service : graph.services()) {
            for (String needed : service.dependsOn()) {
                if (options.keptServices().contains(service.name())
                        && !options.keptServices().contains(needed)) {
                    throw new InvalidGraphException("keepServices names '" + service.name() + "', which depends on '"
                            + needed + "'. Keep that as well.");
                }
            }
        }
    }

    @Override
    public List<KeptService> keptServices() {
        List<KeptService> services = new ArrayList<>();
        node.kept().all().keySet().forEach(name -> services.add(new JvmKeptService(name, node)));
        return services;
    }

    @Override
    public Resources resources() {
        return new JvmResources(node, () -> closed);
    }

    @Override
    public void stop() throws InterruptedException {
        List<JvmJob> jobs = List.copyOf(live.keySet());
        jobs.forEach(JvmJob::stop);
        for (JvmJob job : jobs) {
            job.awaitEnd();
        }
    }

    @Override
    public void close() {
        closed = true;
        // Also the second caller waits until all is clean: it joins the shutdown that runs.
        node.close();
    }
}
