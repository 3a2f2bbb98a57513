package dev.sage.runtime.local;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.runtime.dataplane.ContextLoader;
import dev.sage.runtime.dispatch.JobDefinition;
import dev.sage.runtime.dispatch.StartGate;
import dev.sage.runtime.job.JobManager;
import dev.sage.runtime.node.NodeSeam;
import dev.sage.runtime.plan.Plan;
import dev.sage.runtime.plan.Planner;
import dev.sage.runtime.plan.SharedFunctions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans graphs and hands them to a node; knows those of its jobs that have not ended. */
final class LiveJobs {
    private static final Logger log = LoggerFactory.getLogger(LiveJobs.class);

    private final LocalNode node;
    private final NodeSeam seam;
    private final String whenLost;
    private final Map<JvmJob, JobDefinition> live = new ConcurrentHashMap<>();

    /** @param whenLost what to do when the JobManager has died, as the end of a message */
    LiveJobs(LocalNode node, NodeSeam seam, String whenLost) {
        this.node = node;
        this.seam = seam;
        this.whenLost = whenLost;
        node.lost().thenRun(this::lose);
    }

    /** @throws InvalidGraphException when it cannot run; then nothing was started */
    JvmJob submit(String id, String name, JobGraph submitted, SubmitOptions options, StartGate gate) {
        JobGraph graph = seam.submitted(submitted);
        check(graph, options);
        Demands demands = Demands.of(graph, options);
        if (!demands.programs().isEmpty()) {
            node.outside().requireProcesses();
        }
        if (demands.ray()) {
            node.outside().requireRay();
        }
        Plan plan = Planner.plan(graph, node.settings().dataPlane().keyGroups());
        SharedFunctions.warnings(graph).forEach(log::warn);
        long submittedNs = System.nanoTime();
        JvmJob job = new JvmJob(id, name, demands.programs().keySet(), node, submittedNs, live::remove);
        JobDefinition definition = new JobDefinition(
                id,
                name,
                graph,
                plan,
                options,
                JobSpecs.of(id, graph, plan, demands, options, node.settings()),
                demands.demand(),
                job,
                ContextLoader.current(),
                gate,
                submittedNs);
        live.put(job, definition);
        node.tell(new JobManager.Submit(definition));
        if (node.isLost()) {
            lose();
        }
        return job;
    }

    void check(JobGraph graph, SubmitOptions options) {
        checkOptions(graph, options);
        checkParallelism(graph);
    }

    /** Drains all, and waits for their end. */
    void stop() throws InterruptedException {
        List<JvmJob> jobs = List.copyOf(live.keySet());
        jobs.forEach(JvmJob::stop);
        for (JvmJob job : jobs) {
            job.awaitEnd();
        }
    }

    /** The JobManager has died, and everything that it owned is gone. */
    private void lose() {
        live.forEach(
                (job, definition) -> job.ended(definition.result(JobState.FAILED, "its JobManager died; " + whenLost)));
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
}
