package dev.sage.runtime.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailure;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.ServiceReport;
import dev.sage.api.TaskReport;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.job.JobCommand;
import dev.sage.runtime.core.schedule.Demand;
import dev.sage.runtime.core.schedule.Schedule;
import dev.sage.runtime.core.schedule.ScheduleCommand;
import dev.sage.runtime.core.schedule.Submission;
import dev.sage.runtime.core.schedule.Thing;
import dev.sage.runtime.dispatch.Dispatcher;
import dev.sage.runtime.dispatch.JobDefinition;
import dev.sage.runtime.node.DataPlane;
import dev.sage.runtime.node.NodeAgent;
import dev.sage.runtime.node.Outside;
import dev.sage.runtime.service.ServiceCell;
import dev.sage.runtime.service.ServiceMaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Takes jobs, lets each one start when its turn has come, and owns their Dispatchers. A job has ended for its caller when
 * its Dispatcher has reported the result and is gone.
 */
public final class JobManager extends AbstractBehavior<JobManager.Command> {

    /** What the JobManager is told. */
    public sealed interface Command {}

    public record Submit(JobDefinition job) implements Command {}

    /** Passes a command on to a job; one that has ended takes no notice. */
    public record Tell(String jobId, JobCommand command) implements Command {}

    /** {@code reply} is completed when the kept service has been stopped and cleaned up. */
    public record EndKept(String name, CompletableFuture<CleanupReport> reply) implements Command {}

    /** No more jobs are taken. */
    public record StopIntake(CompletableFuture<Done> reply) implements Command {}

    /** Cancels all jobs, then ends all kept services; {@code reply} is completed when all are gone. */
    public record EndAll(String reason, CompletableFuture<Done> reply) implements Command {}

    /** As {@link EndAll}, if that was not said, and with less patience for all that still ends. */
    public record HurryAll(String reason) implements Command {}

    /** {@code reply} is completed with the schedule of the moment. */
    public record ShowSchedule(CompletableFuture<Schedule> reply) implements Command {}

    /** From an operator. */
    public record Schedules(ScheduleCommand command) implements Command {}

    public record DispatcherSpawned(String jobId, ActorRef<Dispatcher.Command> ref) implements Command {}

    /** Starts a service that belongs to the environment, when it has what it asks for. */
    public record StartShared(ServiceCell cell, Demand demand) implements Command {}

    /** What was left of a job whose Dispatcher died is gone, or was left behind by name. */
    public record JobReaped(
            String jobId,
            List<CleanupReport.Line> lines,
            List<JobFailure> troubles,
            List<TaskReport> tasks,
            Map<String, ServiceReport> services)
            implements Command {
        JobReaped plus(List<CleanupReport.Line> more) {
            List<CleanupReport.Line> all = new ArrayList<>(lines);
            all.addAll(more);
            return new JobReaped(jobId, all, troubles, tasks, services);
        }
    }

    /** A kept or shared service has been stopped and cleaned up; what it had is given back, with a line for each. */
    public record ReleaseKept(String jobId, String holder, Consumer<List<CleanupReport.Line>> reply)
            implements Command {}

    private record FromDispatcher(Dispatcher.Report report) implements Command {}

    record Scheduled(ScheduleCommand command) implements Command {}

    private record Recheck(List<Thing> things) implements Command {}

    record RecheckInTime(List<Thing> things) implements Command {}

    /** What was left of a job outside of this JVM is gone, or in the lines. */
    private record ReapedOutside(JobReaped reaped) implements Command {}

    private record DispatcherGone(String jobId) implements Command {}

    /** Whoever calls one waits for it. */
    private static final int SHARED_PRIORITY = 1_000;

    private final ActorRef<NodeAgent.Command> node;
    private final ActorRef<KeptServices.Command> keptServices;
    private final Dispatcher.Surroundings surroundings;
    private final Scheduling scheduling;
    private final Map<String, ManagedJob> jobs = new LinkedHashMap<>();
    private final Map<String, ServiceCell> sharedWaiting = new HashMap<>();
    private final TimerScheduler<Command> timers;
    private boolean intakeStopped;
    private boolean keptServicesEnd;
    private @Nullable CompletableFuture<Done> awaitingEnd;

    private JobManager(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            SageSettings settings,
            DataPlane dataPlane,
            Outside outside,
            KeptRegistry registry,
            ActorRef<NodeAgent.Command> node) {
        super(context);
        this.timers = timers;
        this.node = node;
        this.keptServices =
                context.spawn(KeptServices.create(settings, registry, node, context.getSelf()), "kept-services");
        // Nobody could end those services any more: its death is also the end of this actor.
        context.watch(keptServices);
        this.surroundings = new Dispatcher.Surroundings(
                settings,
                dataPlane,
                outside,
                node,
                context.messageAdapter(Dispatcher.Report.class, FromDispatcher::new),
                keptServices);
        this.scheduling = new Scheduling(
                new Admission(jobs, sharedWaiting, keptServices, context.getSelf()),
                outside,
                dataPlane.threads(),
                settings.scheduling().schedule());
    }

    /** {@code registry} shows the kept services to those outside the actors. */
    public static Behavior<Command> create(
            SageSettings settings,
            DataPlane dataPlane,
            Outside outside,
            KeptRegistry registry,
            ActorRef<NodeAgent.Command> node) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new JobManager(context, timers, settings, dataPlane, outside, registry, node)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Submit.class, message -> submit(message.job()))
                .onMessage(Tell.class, message -> tell(message.jobId(), message.command()))
                .onMessage(DispatcherSpawned.class, message -> spawned(message.jobId(), message.ref()))
                .onMessage(FromDispatcher.class, message -> onReport(message.report()))
                .onMessage(DispatcherGone.class, message -> dispatcherGone(message.jobId()))
                .onMessage(JobReaped.class, this::reaped)
                .onMessage(ReapedOutside.class, message -> reapedOutside(message.reaped()))
                .onMessage(ShowSchedule.class, message -> {
                    message.reply().complete(scheduling.schedule());
                    return this;
                })
                .onMessage(Schedules.class, message -> schedule(message.command()))
                .onMessage(Scheduled.class, message -> schedule(message.command()))
                .onMessage(RecheckInTime.class, message -> {
                    timers.startSingleTimer(
                            message.things(),
                            new Recheck(message.things()),
                            surroundings.settings().scheduling().recheckAfter());
                    return this;
                })
                .onMessage(Recheck.class, message -> {
                    scheduling.recheck(message.things());
                    return this;
                })
                .onMessage(StartShared.class, message -> startShared(message.cell(), message.demand()))
                .onMessage(ReleaseKept.class, this::releaseKept)
                .onMessage(EndKept.class, message -> {
                    keptServices.tell(new KeptServices.End(message.name(), message.reply()));
                    return this;
                })
                .onMessage(StopIntake.class, message -> {
                    intakeStopped = true;
                    message.reply().complete(Done.getInstance());
                    return this;
                })
                .onMessage(HurryAll.class, message -> hurryAll(message.reason()))
                .onMessage(EndAll.class, message -> endAll(message.reason(), message.reply()))
                .build();
    }

    private Behavior<Command> submit(JobDefinition job) {
        if (intakeStopped) {
            ManagedJob.refuse(job, JobState.CANCELLED, "its environment is being closed and takes no more jobs");
            return this;
        }
        jobs.put(job.id(), new ManagedJob(job));
        schedule(new ScheduleCommand.Submit(job.submission()));
        ManagedJob entry = jobs.get(job.id());
        if (entry != null) {
            entry.spawning = true;
            node.tell(
                    new NodeAgent.RunDispatcher(job, surroundings, getContext().getSelf()));
        }
        return this;
    }

    private Behavior<Command> startShared(ServiceCell cell, Demand demand) {
        if (awaitingEnd != null) {
            cell.refuse("its environment is being closed and starts no more services");
            return this;
        }
        if (demand.holders().isEmpty()) {
            keptServices.tell(new KeptServices.StartShared(cell));
            return this;
        }
        String id = ServiceMaker.sharedId(cell.name());
        sharedWaiting.put(id, cell);
        return schedule(new ScheduleCommand.Submit(new Submission(id, id, SHARED_PRIORITY, System.nanoTime(), demand)));
    }

    private Behavior<Command> releaseKept(ReleaseKept release) {
        scheduling.releaseHolder(release.jobId(), release.holder(), release.reply());
        boolean shared = release.jobId().equals(ServiceMaker.sharedId(release.holder()));
        return shared ? schedule(new ScheduleCommand.Ended(release.jobId(), Set.of(release.holder()))) : this;
    }

    private Behavior<Command> schedule(ScheduleCommand command) {
        scheduling.on(command);
        endKeptServicesWhenLast();
        return this;
    }

    private Behavior<Command> tell(String id, JobCommand command) {
        ManagedJob entry = jobs.get(id);
        if (entry != null) {
            entry.tell(command);
        }
        return this;
    }

    private Behavior<Command> spawned(String id, ActorRef<Dispatcher.Command> dispatcher) {
        getContext().watchWith(dispatcher, new DispatcherGone(id));
        ManagedJob entry = jobs.get(id);
        if (entry != null) {
            entry.spawned(dispatcher);
        }
        return this;
    }

    private Behavior<Command> onReport(Dispatcher.Report report) {
        if (report instanceof Dispatcher.Ended ended) {
            ManagedJob entry = jobs.get(ended.jobId());
            if (entry != null) {
                entry.result = ended.result();
            }
        } else if (report instanceof Dispatcher.ReleaseLeases release) {
            scheduling.release(
                    release.jobId(),
                    release.kept(),
                    lines -> release.replyTo().tell(new Dispatcher.LeasesReleased(lines)));
        }
        return this;
    }

    private Behavior<Command> dispatcherGone(String id) {
        ManagedJob entry = jobs.get(id);
        if (entry == null) {
            return this;
        }
        JobResult result = entry.result;
        if (result == null) {
            getContext().getLog().error("The Dispatcher of job {} died; what it owned is ended without it", id);
            keptServices.tell(new KeptServices.EndOf(id));
            node.tell(new NodeAgent.ReapJob(id, getContext().getSelf()));
            return this;
        }
        node.tell(new NodeAgent.JobOver(id));
        return over(entry, result);
    }

    private Behavior<Command> reaped(JobReaped reaped) {
        ManagedJob entry = jobs.get(reaped.jobId());
        if (entry == null) {
            return this;
        }
        if (entry.definition.spec().outside().isEmpty()) {
            return reapedOutside(reaped);
        }
        ActorRef<Command> self = getContext().getSelf();
        scheduling.releaseAll(reaped.jobId(), lines -> self.tell(new ReapedOutside(reaped.plus(lines))));
        return this;
    }

    private Behavior<Command> reapedOutside(JobReaped reaped) {
        ManagedJob entry = jobs.get(reaped.jobId());
        if (entry == null) {
            return this;
        }
        String reason = "its Dispatcher died";
        entry.definition.observer().stateChanged(JobState.FAILED, reason);
        return over(
                entry,
                entry.definition.result(
                        JobState.FAILED, reason, reaped.troubles(), reaped.lines(), reaped.tasks(), reaped.services()));
    }

    private Behavior<Command> over(ManagedJob entry, JobResult result) {
        scheduling.end(entry.definition.id(), result.cleanup().kept(), () -> {
            jobs.remove(entry.definition.id());
            entry.definition.observer().ended(result);
        });
        endKeptServicesWhenLast();
        return this;
    }

    private Behavior<Command> endAll(String reason, CompletableFuture<Done> reply) {
        intakeStopped = true;
        awaitingEnd = reply;
        jobs.values().forEach(entry -> entry.tell(new JobCommand.Cancel(reason)));
        Map<String, ServiceCell> waiting = Map.copyOf(sharedWaiting);
        sharedWaiting.clear();
        waiting.forEach((id, cell) -> {
            cell.refuse(reason);
            scheduling.end(id, Set.of(), () -> {});
        });
        endKeptServicesWhenLast();
        return this;
    }

    private Behavior<Command> hurryAll(String reason) {
        intakeStopped = true;
        Duration timeout = surroundings.settings().hurriedTimeout();
        jobs.values().forEach(entry -> entry.tell(new JobCommand.Hurry(reason, timeout)));
        keptServices.tell(new KeptServices.Hurry(timeout));
        return this;
    }

    private void endKeptServicesWhenLast() {
        if (awaitingEnd != null && !keptServicesEnd && jobs.isEmpty() && !scheduling.isReleasing()) {
            keptServicesEnd = true;
            keptServices.tell(new KeptServices.EndAll(awaitingEnd));
        }
    }
}
