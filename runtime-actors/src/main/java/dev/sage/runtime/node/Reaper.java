package dev.sage.runtime.node;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobFailure;
import dev.sage.api.ServiceReport;
import dev.sage.api.TaskReport;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import dev.sage.runtime.job.JobManager;
import dev.sage.runtime.service.ServiceEnd;
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

    private record Due(Runnable then) implements Command {}

    private final JobMembers left;
    private final ActorRef<JobManager.Command> replyTo;
    private final long sinceNs = System.nanoTime();
    private final List<CleanupReport.Line> lines = new ArrayList<>();
    private final List<JobFailure> troubles = new ArrayList<>();
    private final List<TaskReport> tasks = new ArrayList<>();
    private final Map<String, ServiceReport> services = new LinkedHashMap<>();
    private final Map<ActorRef<?>, ServiceEnd> ending = new LinkedHashMap<>();

    private Reaper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            JobMembers members,
            ActorRef<JobManager.Command> replyTo) {
        super(context);
        this.replyTo = replyTo;
        this.left = members;
        left.tasks.keySet().forEach(ref -> context.watchWith(ref, new Gone(ref)));
        timers.startSingleTimer("interrupt", new Due(this::interruptTasks), left.interruptAfter);
        timers.startSingleTimer("abandon", new Due(this::abandonTasks), left.timeout(Step.STOP_TASKS));
        ServiceEnd.Bounds bounds = ServiceEnd.Bounds.of(left.phases);
        left.services.forEach((ref, service) -> {
            ServiceEnd.Hands hands = new ServiceEnd.Hands(
                    service.ref()::tell,
                    (after, then) -> timers.startSingleTimer(ref, new Due(then), after),
                    end -> ended(ref, end));
            ServiceEnd end = new ServiceEnd(service.cell().name(), service.cell(), bounds, hands);
            ending.put(ref, end);
            context.watchWith(ref, new Gone(ref));
            end.begin();
        });
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
        due.then().run();
        return next();
    }

    private void interruptTasks() {
        left.tasks.values().forEach(task -> task.ref().tell(TaskActor.Order.INTERRUPT));
    }

    private void abandonTasks() {
        left.tasks.values().forEach(task -> {
            task.ref().tell(TaskActor.Order.ABANDON);
            ended(task, Outcome.FAILED, "its code did not return in time; its thread was left behind");
        });
        left.tasks.clear();
    }

    private Behavior<Command> gone(Gone gone) {
        JobMembers.Task task = left.tasks.remove(gone.member());
        if (task != null) {
            ended(task, Outcome.RELEASED, "");
        }
        ServiceEnd service = ending.get(gone.member());
        if (service != null) {
            service.gone();
        }
        return next();
    }

    private Behavior<Command> next() {
        if (!left.tasks.isEmpty() || !ending.isEmpty()) {
            return this;
        }
        replyTo.tell(new JobManager.JobReaped(left.jobId, lines, troubles, tasks, services));
        return Behaviors.stopped();
    }

    private void ended(JobMembers.Task task, Outcome outcome, String reason) {
        tasks.add(task.control().report());
        Duration duration = Duration.ofNanos(System.nanoTime() - sinceNs);
        lines.add(new CleanupReport.Line(
                "task", task.control().name(), Step.STOP_TASKS.key(), outcome, reason, duration));
    }

    private void ended(ActorRef<?> ref, ServiceEnd end) {
        ending.remove(ref);
        services.put(end.cell().name(), end.cell().report());
        troubles.addAll(end.troubles());
        lines.add(end.line());
    }
}
