package dev.sage.runtime.local;

import dev.sage.api.GraphEnvironment;
import dev.sage.api.JobHandle;
import dev.sage.api.KeptService;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Resources;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.runtime.dispatch.StartGate;
import dev.sage.runtime.job.JobManager;
import dev.sage.runtime.node.NodeSeam;
import dev.sage.runtime.plan.Planner;
import dev.sage.runtime.service.ServiceCell;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A local environment: plans graphs and hands them to its node. */
final class JvmEnvironment extends GraphEnvironment implements LocalEnvironment {
    private final LocalNode node;
    private final LiveJobs jobs;
    private volatile boolean closed;

    JvmEnvironment(String name, LocalNode node, NodeSeam seam) {
        super(name);
        this.node = node;
        this.jobs = new LiveJobs(node, seam, "close environment '" + name + "' and create another");
    }

    @Override
    protected String explain(JobGraph graph) {
        return Planner.plan(graph, node.settings().dataPlane().keyGroups()).describe();
    }

    @Override
    protected JobHandle submit(JobGraph graph, SubmitOptions options) {
        if (closed) {
            throw new SageException(
                    "environment.closed", "Environment '" + name() + "' was closed and takes no more jobs.");
        }
        return jobs.submit(UUID.randomUUID().toString().substring(0, 8), name(), graph, options, StartGate.OPEN);
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
        if (service.body() instanceof ServiceBody.OnRay) {
            node.outside().requireRay();
        }
        ServiceCell cell = ServiceCell.shared(service, node.outside(), name(), node.settings());
        node.tell(new JobManager.StartShared(cell, Demands.of(service)));
        return cell;
    }

    @Override
    public List<KeptService> keptServices() {
        List<KeptService> services = new ArrayList<>();
        node.kept().all().keySet().forEach(name -> services.add(new JvmKeptService(name, node)));
        return services;
    }

    @Override
    public Resources resources() {
        return new JvmResources(node, Clock.systemUTC(), () -> closed);
    }

    @Override
    public void stop() throws InterruptedException {
        jobs.stop();
    }

    @Override
    public void close() {
        closed = true;
        // Also the second caller waits until all is clean: it joins the shutdown that runs.
        node.close();
    }
}
