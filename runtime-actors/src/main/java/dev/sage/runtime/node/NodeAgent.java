package dev.sage.runtime.node;

import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.job.JobSpec;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
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

    /** In the place of a job's id, which has no such letters. */
    public static final String NO_JOB = "shared";

    /** The name of the JobManager's actor. */
    public static final String JOB_MANAGER = "job-manager";

    /** What a NodeAgent is told. */
    public sealed interface Command {}

    /** {@code replyTo} hears the new Dispatcher's reference. */
    public record RunDispatcher(
            JobDefinition job, Dispatcher.Surroundings surroundings, ActorRef<JobManager.Command> replyTo)
            implements Command {}

    public record RunTask(String jobId, String name, TaskControl tasklet, ActorRef<TaskActor.Event> owner)
            implements Command {}

    /** {@code jobId} is {@link #NO_JOB} for a service that belongs to none. */
    public record RunService(String jobId, String name, ServiceCell cell, ActorRef<ServiceActor.Event> owner)
            implements Command {}

    /** The Dispatcher of this job died; {@code replyTo} hears {@link JobManager.JobReaped} when all of the job is gone. */
    public record ReapJob(String jobId, ActorRef<JobManager.Command> replyTo) implements Command {}

    /** The Dispatcher of this job told its end, and is gone. */
    public record JobOver(String jobId) implements Command {}

    /** A child is gone. */
    private record Gone(String jobId, ActorRef<?> child) implements Command {}

    private record DispatcherGone(String jobId) implements Command {}

    private record ManagerGone() implements Command {}

    private final SageSettings settings;
    private final DataPlane dataPlane;
    private final NodeSeam seam;
    private final CompletableFuture<Done> lost;
    private final Map<String, JobMembers> jobs = new HashMap<>();
    private boolean managerGone;

    private NodeAgent(
            ActorContext<Command> context,
            SageSettings settings,
            DataPlane dataPlane,
            KeptRegistry kept,
            NodeSeam seam,
            CompletableFuture<ActorRef<JobManager.Command>> manager,
            CompletableFuture<Done> lost) {
        super(context);
        this.settings = settings;
        this.dataPlane = dataPlane;
        this.seam = seam;
        this.lost = lost;
        ActorRef<JobManager.Command> spawned = spawn(
                JOB_MANAGER, JobManager.Command.class, JobManager.create(settings, dataPlane, kept, context.getSelf()));
        context.watchWith(spawned, new ManagerGone());
        manager.complete(spawned);
    }

    /**
     * The root of a node's actors.
     *
     * @param manager completed with the JobManager
     * @param lost completed should that die, when everything that it owned is gone
     */
    public static Behavior<Command> create(
            SageSettings settings,
            DataPlane dataPlane,
            KeptRegistry kept,
            NodeSeam seam,
            CompletableFuture<ActorRef<JobManager.Command>> manager,
            CompletableFuture<Done> lost) {
        return Behaviors.setup(context -> new NodeAgent(context, settings, dataPlane, kept, seam, manager, lost));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(RunDispatcher.class, this::runDispatcher)
                .onMessage(RunTask.class, this::runTask)
                .onMessage(RunService.class, this::runService)
                .onMessage(ReapJob.class, reap -> reap(reap.jobId(), reap.replyTo()))
                .onMessage(JobOver.class, message -> over(message.jobId()))
                .onMessage(Gone.class, this::gone)
                .onMessage(DispatcherGone.class, message -> dispatcherGone(message.jobId()))
                .onMessage(ManagerGone.class, message -> managerGone())
                .build();
    }

    private Behavior<Command> runDispatcher(RunDispatcher run) {
        String id = run.job().id();
        ActorRef<Dispatcher.Command> dispatcher = spawn(
                actorName("dispatcher_" + id),
                Dispatcher.Command.class,
                Dispatcher.create(run.job(), run.surroundings()));
        JobSpec spec = run.job().spec();
        JobMembers members = new JobMembers(id, spec.interruptAfter(), spec.phases());
        members.hasDispatcher = true;
        jobs.put(id, members);
        getContext().watchWith(dispatcher, new DispatcherGone(id));
        run.replyTo().tell(new JobManager.DispatcherSpawned(id, dispatcher));
        return this;
    }

    private Behavior<Command> runTask(RunTask run) {
        ActorRef<TaskActor.Command> ref =
                spawn(run.name(), TaskActor.Command.class, TaskActor.create(run.tasklet(), run.owner()));
        getContext().watchWith(ref, new Gone(run.jobId(), ref));
        members(run.jobId()).tasks.put(ref, new JobMembers.Task(run.tasklet(), ref));
        return this;
    }

    private Behavior<Command> runService(RunService run) {
        ActorRef<ServiceActor.Command> ref = spawn(
                run.name(),
                ServiceActor.Command.class,
                ServiceActor.create(run.cell(), dataPlane.threads(), run.owner()));
        getContext().watchWith(ref, new Gone(run.jobId(), ref));
        members(run.jobId()).services.put(ref, new JobMembers.Service(run.cell(), ref));
        return this;
    }

    private <M> ActorRef<M> spawn(String name, Class<M> messages, Behavior<M> behavior) {
        return getContext().spawn(seam.around(name, messages, behavior), name);
    }

    private JobMembers members(String jobId) {
        return jobs.computeIfAbsent(jobId, id -> {
            JobMembers members = new JobMembers(id, settings.interruptAfter(), settings.phases());
            members.over();
            return members;
        });
    }

    private Behavior<Command> reap(String jobId, ActorRef<JobManager.Command> replyTo) {
        getContext().spawnAnonymous(Reaper.create(members(jobId).copy(), replyTo));
        return over(jobId);
    }

    private Behavior<Command> over(String jobId) {
        members(jobId).over();
        return forgetIfGone(jobId);
    }

    private Behavior<Command> gone(Gone gone) {
        members(gone.jobId()).gone(gone.child());
        return forgetIfGone(gone.jobId());
    }

    private Behavior<Command> dispatcherGone(String jobId) {
        members(jobId).hasDispatcher = false;
        return managerGone ? reap(jobId, getContext().getSystem().ignoreRef()) : forgetIfGone(jobId);
    }

    /** Dispatchers then cancel their jobs by themselves, and kept services end; what hangs is bounded here. */
    private Behavior<Command> managerGone() {
        getContext().getLog().error("The JobManager died; everything that it owned is ended");
        managerGone = true;
        List.copyOf(jobs.values()).stream()
                .filter(members -> !members.hasDispatcher)
                .forEach(members -> reap(members.jobId, getContext().getSystem().ignoreRef()));
        completeWhenLost();
        return this;
    }

    private Behavior<Command> forgetIfGone(String jobId) {
        if (members(jobId).isForgettable()) {
            jobs.remove(jobId);
        }
        completeWhenLost();
        return this;
    }

    private void completeWhenLost() {
        if (managerGone && jobs.isEmpty()) {
            lost.complete(Done.getInstance());
        }
    }

    /** Any name, as an actor may have it. */
    public static String actorName(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
