package dev.sage.runtime.local;

import dev.sage.api.JobHandle;
import dev.sage.api.KeptService;
import dev.sage.api.Resources;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.schedule.Schedule;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.dispatch.StartGate;
import dev.sage.runtime.node.NodeSeam;
import dev.sage.runtime.plan.Planner;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Runs jobs in this JVM for somebody who keeps a record of them: ids are given, and a job starts when its record says so.
 * May be used from any thread; nothing blocks but {@link #close}.
 */
public final class Engine implements AutoCloseable {
    private final LocalNode node;
    private final LiveJobs jobs;

    private Engine(LocalNode node) {
        this.node = node;
        this.jobs = new LiveJobs(node, NodeSeam.NONE, "start the node again");
    }

    /** A job that runs here. */
    public interface Running extends JobHandle {
        /**
         * The way to one of its services.
         *
         * @throws dev.sage.api.ServiceException when there is none of this name, or it does not run yet
         */
        ServiceCaller caller(String service);

        /** The names of its commands and process services. */
        Set<String> programs();

        /** As {@link #cancel()}, for this reason. */
        void cancel(String reason);

        /** As {@link #stop()}, for this reason. */
        void stop(String reason);
    }

    /** Starts an actor system, with the Pekko settings among these. */
    public static Engine start(String name, SageSettings settings) {
        return new Engine(LocalNode.start(name, settings, NodeSeam.NONE, "its node was stopped"));
    }

    /** Its actor system, whose coordinated shutdown ends all jobs in the phase {@code end-jobs}. */
    public ActorSystem<?> system() {
        return node.system();
    }

    public SageSettings settings() {
        return node.settings();
    }

    /** Threads for what blocks; they end with the engine. */
    public BlockingThreads threads() {
        return node.dataPlane().threads();
    }

    /**
     * Submits a job.
     *
     * @param id that no other job has; also the name of its folder
     * @throws dev.sage.api.InvalidGraphException when it cannot run; then nothing was started
     */
    public Running submit(String id, String name, JobGraph graph, SubmitOptions options, StartGate gate) {
        return jobs.submit(id, name, graph, options, gate);
    }

    /**
     * Says whether a job could be submitted.
     *
     * @throws dev.sage.api.InvalidGraphException when it cannot run
     */
    public void check(JobGraph graph, SubmitOptions options) {
        jobs.check(graph, options);
        Planner.plan(graph, node.settings().dataPlane().keyGroups());
    }

    /** Where the output of a program of a job is, or would be. Does not block. */
    public Path outputFile(String job, String program) {
        return node.outside().outputFile(job, program);
    }

    /** The way to a kept or shared service, by the name under which it is listed. */
    public Optional<ServiceCaller> kept(String name) {
        return node.kept().find(name).map(cell -> cell);
    }

    /** Hears the name of each kept or shared service that has ended, whoever or whatever ended it; must not block. */
    public void onKeptEnded(Consumer<String> listener) {
        node.kept().onRemoved(listener);
    }

    /** The plan of a graph, as text. */
    public String explain(JobGraph graph) {
        return Planner.plan(graph, node.settings().dataPlane().keyGroups()).describe();
    }

    public List<KeptService> keptServices() {
        List<KeptService> services = new ArrayList<>();
        node.kept().all().keySet().forEach(name -> services.add(new JvmKeptService(name, node)));
        return services;
    }

    /** Its methods wait for an actor, shortly. */
    public Resources resources() {
        return new JvmResources(node, Clock.systemUTC(), node::isLost);
    }

    /** Who has what, who waits, and why. Waits for an actor, shortly. */
    public Schedule schedule() {
        return new JvmResources(node, Clock.systemUTC(), node::isLost).schedule();
    }

    /** The GPUs that a Ray cluster has which this JVM started. */
    public Set<Integer> gpusOfRay() {
        return JvmResources.gpusOfRay(node);
    }

    /** What is held outside of this JVM, as the ledger has it. */
    public List<LedgerEntry> held() {
        return node.outside().held();
    }

    /** Completed should the JobManager die: all jobs have failed then, and no other will run. */
    public CompletionStage<Done> lost() {
        return node.lost();
    }

    /** When nothing is left of it. */
    public CompletionStage<Done> terminated() {
        return node.terminated();
    }

    /** The shutdown that runs, or begins now, has less patience. */
    public void hurry() {
        node.hurry();
    }

    /** Runs the coordinated shutdown, or joins the one that runs; blocks until the actor system is gone. */
    @Override
    public void close() {
        node.close();
    }
}
