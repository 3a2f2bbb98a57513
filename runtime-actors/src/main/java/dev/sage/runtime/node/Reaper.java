package dev.sage.runtime.node;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.ServiceReport;
import dev.sage.api.TaskReport;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import dev.sage.runtime.job.JobManager;
import dev.sage.runtime.service.ServiceActor;
import dev.sage.runtime.task.TaskActor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Sees a job to its end whose Dispatcher died. The members end by themselves, as their owner is gone; this one waits for
 * them, bounds them as the phases of the same names would have, and reports what became of them.
 */
final class Reaper extends AbstractBehavior<Reaper.Command> {

    /** What it is told. */
    sealed interface Command {}

    private record Gone(ActorRef<?> member) implements Command {}

    private enum Due implements Command {
        INTERRUPT_TASKS,
        ABANDON_TASKS,
        CLEAN_UP_SERVICES,
        ABANDON_SERVICES
    }

    private final JobMembers left;
    private final ActorRef<JobManager.Command> replyTo;
    private final long sinceNs = System.nanoTime();
    private final List<CleanupReport.Line> lines = new ArrayList<>();
    private final List<TaskReport> tasks = new ArrayList<>();
    private final Map<String, ServiceReport> services = new LinkedHashMap<>();

    private Reaper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            JobMembers members,
            ActorRef<JobManager.Command> replyTo) {
        super(context);
        this.replyTo = replyTo;
        this.left = members;
        left.tasks.keySet().forEach(ref -> context.watchWith(ref, new Gone(ref)));
        left.services.keySet().forEach(ref -> context.watchWith(ref, new Gone(ref)));
        Duration stop = left.timeout(Step.STOP_SERVICES);
        timers.startSingleTimer(Due.INTERRUPT_TASKS, left.interruptAfter);
        timers.startSingleTimer(Due.ABANDON_TASKS, left.timeout(Step.STOP_TASKS));
        timers.startSingleTimer(Due.CLEAN_UP_SERVICES, stop);
        timers.startSingleTimer(Due.ABANDON_SERVICES, stop.plus(left.timeout(Step.CLEANUP_SERVICES)));
    }

    /** For these members, which it keeps. Ends with {@link JobManager.JobReaped} to {@code replyTo}. */
    static Behavior<Command> create(JobMembers members, ActorRef<JobManager.Command> replyTo) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new Reaper(context, timers, members, replyTo).next()));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Gone.class, this::gone)
                .onMessage(Due.class, this::due)
                .build();
    }

    private Behavior<Command> due(Due due) {
        switch (due) {
            case INTERRUPT_TASKS ->
                left.tasks.values().forEach(task -> task.ref().tell(TaskActor.Order.INTERRUPT));
            case ABANDON_TASKS -> {
                left.tasks.values().forEach(task -> {
                    task.ref().tell(TaskActor.Order.ABANDON);
                    ended(task, Outcome.FAILED, "its code did not return in time; its thread was left behind");
                });
                left.tasks.clear();
            }
            case CLEAN_UP_SERVICES ->
                left.services.values().forEach(service -> service.ref().tell(new ServiceActor.CleanUp()));
            case ABANDON_SERVICES -> {
                left.services.values().forEach(service -> {
                    service.ref().tell(new ServiceActor.Abandon());
                    ended(service, Outcome.FAILED, "cleanup did not return in time");
                });
                left.services.clear();
            }
        }
        return next();
    }

    private Behavior<Command> gone(Gone gone) {
        JobMembers.Task task = left.tasks.remove(gone.member());
        if (task != null) {
            ended(task, Outcome.RELEASED, "");
        }
        JobMembers.Service service = left.services.remove(gone.member());
        if (service != null) {
            boolean cleaned = service.cell().report().cleanupCompleted();
            ended(
                    service,
                    cleaned ? Outcome.RELEASED : Outcome.FAILED,
                    cleaned ? "" : "cleanup was not completed; the log tells why");
        }
        return next();
    }

    private Behavior<Command> next() {
        if (!left.isEmpty()) {
            return this;
        }
        replyTo.tell(new JobManager.JobReaped(left.jobId, lines, tasks, services));
        return Behaviors.stopped();
    }

    private void ended(JobMembers.Task task, Outcome outcome, String reason) {
        tasks.add(task.control().report());
        report("task", task.control().name(), Step.STOP_TASKS, outcome, reason);
    }

    private void ended(JobMembers.Service service, Outcome outcome, String reason) {
        services.put(service.cell().name(), service.cell().report());
        report("service", service.cell().name(), Step.CLEANUP_SERVICES, outcome, reason);
    }

    private void report(String kind, String name, Step step, Outcome outcome, String reason) {
        Duration duration = Duration.ofNanos(System.nanoTime() - sinceNs);
        lines.add(new CleanupReport.Line(kind, name, step.key(), outcome, reason, duration));
    }
}
