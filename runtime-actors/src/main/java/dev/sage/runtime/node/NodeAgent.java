package dev.sage.runtime.node;

import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.dataplane.TaskControl;
import dev.sage.runtime.dispatch.Dispatcher;
import dev.sage.runtime.dispatch.JobDefinition;
import dev.sage.runtime.job.JobManager;
import dev.sage.runtime.job.KeptRegistry;
import dev.sage.runtime.service.ServiceActor;
import dev.sage.runtime.service.ServiceCell;
import dev.sage.runtime.task.TaskActor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The parent of everything that runs on its node, so that nothing dies because its owner moved. It spawns on request;
 * owners watch what they own.
 */
public final class NodeAgent extends AbstractBehavior<NodeAgent.Command> {

    /** What a NodeAgent is told. */
    public sealed interface Command {}

    /** {@code replyTo} hears the new Dispatcher's reference. */
    public record RunDispatcher(
            JobDefinition job, Dispatcher.Surroundings surroundings, ActorRef<JobManager.Command> replyTo)
            implements Command {}

    public record RunTask(String name, TaskControl tasklet, ActorRef<TaskActor.Event> owner) implements Command {}

    public record RunService(String name, ServiceCell cell, ActorRef<ServiceActor.Event> owner) implements Command {}

    private final DataPlane dataPlane;
    private final NodeSeam seam;

    private NodeAgent(
            ActorContext<Command> context,
            SageSettings settings,
            DataPlane dataPlane,
            KeptRegistry kept,
            NodeSeam seam,
            CompletableFuture<ActorRef<JobManager.Command>> manager) {
        super(context);
        this.dataPlane = dataPlane;
        this.seam = seam;
        manager.complete(context.spawn(JobManager.create(settings, dataPlane, kept, context.getSelf()), "job-manager"));
    }

    /**
     * The root of a node's actors.
     *
     * @param manager completed with the JobManager
     */
    public static Behavior<Command> create(
            SageSettings settings,
            DataPlane dataPlane,
            KeptRegistry kept,
            NodeSeam seam,
            CompletableFuture<ActorRef<JobManager.Command>> manager) {
        return Behaviors.setup(context -> new NodeAgent(context, settings, dataPlane, kept, seam, manager));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(RunDispatcher.class, this::runDispatcher)
                .onMessage(RunTask.class, this::runTask)
                .onMessage(RunService.class, this::runService)
                .build();
    }

    private Behavior<Command> runDispatcher(RunDispatcher run) {
        String id = run.job().id();
        ActorRef<Dispatcher.Command> dispatcher = spawn(
                actorName("dispatcher_" + id),
                Dispatcher.Command.class,
                Dispatcher.create(run.job(), run.surroundings()));
        run.replyTo().tell(new JobManager.DispatcherSpawned(id, dispatcher));
        return this;
    }

    private Behavior<Command> runTask(RunTask run) {
        spawn(run.name(), TaskActor.Command.class, TaskActor.create(run.tasklet(), run.owner()));
        return this;
    }

    private Behavior<Command> runService(RunService run) {
        spawn(
                run.name(),
                ServiceActor.Command.class,
                ServiceActor.create(run.cell(), dataPlane.threads(), run.owner()));
        return this;
    }

    private <M> ActorRef<M> spawn(String name, Class<M> messages, Behavior<M> behavior) {
        return getContext().spawn(seam.around(name, messages, behavior), name);
    }

    /** Any name, as an actor may have it. */
    public static String actorName(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
