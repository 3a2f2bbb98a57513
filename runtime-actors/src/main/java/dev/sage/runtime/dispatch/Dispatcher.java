package dev.sage.runtime.dispatch;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.ServiceReport;
import dev.sage.api.TaskReport;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.job.Job;
import dev.sage.runtime.core.job.JobCommand;
import dev.sage.runtime.core.job.JobDecisions;
import dev.sage.runtime.core.job.JobEffect;
import dev.sage.runtime.core.job.JobEffects;
import dev.sage.runtime.core.job.JobEvent;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import dev.sage.runtime.dataplane.ContextLoader;
import dev.sage.runtime.dataplane.JobDataPlane;
import dev.sage.runtime.dataplane.TaskControl;
import dev.sage.runtime.job.KeptServices;
import dev.sage.runtime.node.DataPlane;
import dev.sage.runtime.node.NodeAgent;
import dev.sage.runtime.node.Outside;
import dev.sage.runtime.service.ServiceActor;
import dev.sage.runtime.service.ServiceCell;
import dev.sage.runtime.task.TaskActor;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Owns one job: brings what it hears to the job's core, applies the events, and carries out what is outstanding and not
 * done yet. It owns its tasks and services by death watch; their parent is the NodeAgent.
 */
public final class Dispatcher extends AbstractBehavior<Dispatcher.Command> {

    /** What a Dispatcher is told. */
    public sealed interface Command {}

    /** What the job is asked from outside. */
    public record Ask(JobCommand command) implements Command {}

    private record Due(JobCommand command) implements Command {}

    private record FromTask(TaskActor.Event event) implements Command {}

    private record FromService(ServiceActor.Event event) implements Command {}

    /** What its JobManager hears. */
    public sealed interface Report {}

    /** The job has ended; the Dispatcher stops with it. */
    public record Ended(String jobId, JobResult result) implements Report {}

    /** The GPUs and ports of the job are to be given back, but for those of these services. */
    public record ReleaseLeases(String jobId, Set<String> kept, ActorRef<LeasesReleased> replyTo) implements Report {}

    /** With a line for each. */
    public record LeasesReleased(List<CleanupReport.Line> lines) {}

    /**
     * What a Dispatcher works with.
     *
     * @param manager is told the end, and owns the leases
     * @param keptServices becomes the owner of those
     */
    public record Surroundings(
            SageSettings settings,
            DataPlane dataPlane,
            Outside outside,
            ActorRef<NodeAgent.Command> node,
            ActorRef<Report> manager,
            ActorRef<KeptServices.Command> keptServices) {}

    /** There is one attempt of a job in a local environment. */
    public static final int EPOCH = 1;

    private final JobDefinition definition;
    private final Surroundings surroundings;
    private final TimerScheduler<Command> timers;
    private final ActorRef<TaskActor.Event> fromTasks;
    private final ActorRef<ServiceActor.Event> fromServices;
    private final Crew<TaskActor.Command> tasks;
    private final Crew<ServiceActor.Command> services;
    /** The tasks whose actors have died while their code still runs. */
    private final Set<String> actorless = new HashSet<>();

    private final Map<String, TaskControl> controls = new LinkedHashMap<>();
    private final Map<String, ServiceCell> cells = new LinkedHashMap<>();
    private final Set<JobEffect> done = new HashSet<>();
    private Job job;

    private Dispatcher(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            JobDefinition definition,
            Surroundings surroundings) {
        super(context);
        this.definition = definition;
        this.surroundings = surroundings;
        this.timers = timers;
        this.fromTasks = context.messageAdapter(TaskActor.Event.class, FromTask::new);
        this.fromServices = context.messageAdapter(ServiceActor.Event.class, FromService::new);
        this.tasks = new Crew<>(context);
        this.services = new Crew<>(context);
        this.job = Job.queued(definition.spec());
        context.watchWith(surroundings.manager(), new Due(new JobCommand.Cancel("its JobManager died")));
        definition.options().deadline().ifPresent(deadline -> {
            Duration left = deadline.minusNanos(System.nanoTime() - definition.submittedNs());
            startTimer("deadline", new JobCommand.DeadlinePassed(), left.isNegative() ? Duration.ZERO : left);
        });
    }

    public static Behavior<Command> create(JobDefinition definition, Surroundings surroundings) {
        return Behaviors.withMdc(
                Command.class,
                Map.of("job", definition.id()),
                Behaviors.setup(context ->
                        Behaviors.withTimers(timers -> new Dispatcher(context, timers, definition, surroundings))));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Ask.class, ask -> on(ask.command()))
                .onMessage(Due.class, due -> on(due.command()))
                .onMessage(FromTask.class, message -> onTask(message.event()))
                .onMessage(FromService.class, message -> onService(message.event()))
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private Behavior<Command> onTask(TaskActor.Event event) {
        if (event instanceof TaskActor.Spawned spawned) {
            tasks.joined(spawned.task(), spawned.ref());
        } else if (event instanceof TaskActor.Started started) {
            return on(new JobCommand.TaskStarted(started.task()));
        } else if (event instanceof TaskActor.Ended ended) {
            return on(new JobCommand.TaskEnded(ended.task()));
        } else if (event instanceof TaskActor.Failed failed) {
            return on(new JobCommand.TaskFailed(failed.task(), failed.failure()));
        } else if (event instanceof TaskActor.ActorDied died) {
            actorless.add(died.task());
            return on(new JobCommand.TaskLost(died.task()));
        } else if (event instanceof TaskActor.Closed closed) {
            return on(new JobCommand.TaskClosed(closed.task(), closed.failure()));
        }
        return this;
    }

    private Behavior<Command> onService(ServiceActor.Event event) {
        if (event instanceof ServiceActor.Spawned spawned) {
            services.joined(spawned.service(), spawned.ref());
        } else if (event instanceof ServiceActor.Running running) {
            return on(new JobCommand.ServiceRunning(running.service()));
        } else if (event instanceof ServiceActor.Failed failed) {
            return on(new JobCommand.ServiceFailed(failed.service(), failed.failure()));
        } else if (event instanceof ServiceActor.Stopped stopped) {
            return on(new JobCommand.ServiceStopped(stopped.service(), stopped.failure()));
        } else if (event instanceof ServiceActor.Held held) {
            return on(new JobCommand.ServiceHeld(held.service(), held.step(), held.failure()));
        } else if (event instanceof ServiceActor.Cleaned cleaned) {
            return on(new JobCommand.ServiceCleaned(cleaned.service(), cleaned.failure()));
        } else if (event instanceof ServiceActor.ActorDied died) {
            return on(new JobCommand.ServiceLost(died.service()));
        } else if (event instanceof ServiceActor.OwnerChanged changed) {
            return on(new JobCommand.ServiceKept(changed.service()));
        }
        News.of(event, sinceSubmission()).ifPresent(definition.observer()::happened);
        return this;
    }

    /** A member that ended in order has said so before; for the job's core this is then nothing new. */
    private Behavior<Command> onTerminated(Terminated signal) {
        String task = tasks.left(signal.getRef());
        if (task != null) {
            return on(new JobCommand.TaskLost(task));
        }
        String service = services.left(signal.getRef());
        return service == null ? this : on(new JobCommand.ServiceTerminated(service));
    }

    private Behavior<Command> on(JobCommand command) {
        List<JobEvent> events = JobDecisions.decide(job, command, System.nanoTime());
        for (JobEvent event : events) {
            job = job.evolve(event);
            News.of(event, sinceSubmission()).ifPresent(definition.observer()::happened);
            if (event instanceof JobEvent.StateChanged changed) {
                onStateChanged(changed);
            } else if (event instanceof JobEvent.FailureRecorded recorded) {
                getContext()
                        .getLog()
                        .debug("Job {} {}", definition.id(), recorded.failure().describe());
            }
        }
        for (JobEffect effect : JobEffects.outstanding(job)) {
            if (done.add(effect)) {
                carryOut(effect);
            }
        }
        return job.state().isTerminal() ? Behaviors.stopped() : this;
    }

    private Duration sinceSubmission() {
        return Duration.ofNanos(System.nanoTime() - definition.submittedNs());
    }

    private void onStateChanged(JobEvent.StateChanged changed) {
        getContext()
                .getLog()
                .debug("Job {}: {} → {}, {}", definition.id(), changed.from(), changed.to(), changed.reason());
        if (changed.to() == JobState.STARTING) {
            assemble();
        }
        if (changed.from() == JobState.STARTING) {
            timers.cancel("start");
        }
        definition.observer().stateChanged(changed.to(), changed.reason());
    }

    /** What is made here takes over the context class loader. */
    private void assemble() {
        ClassLoader before = ContextLoader.swap(definition.loader());
        try {
            assembleMembers();
        } finally {
            ContextLoader.swap(before);
        }
    }

    private void assembleMembers() {
        SageSettings settings = surroundings.settings();
        for (ServiceSpec spec : definition.graph().services()) {
            boolean kept = definition.spec().kept().contains(spec.name());
            ServiceCell cell = ServiceCell.ofJob(spec, surroundings.outside(), definition.id(), kept, cells, settings);
            spec.bind().accept(cell);
            cells.put(spec.name(), cell);
        }
        DataPlane dataPlane = surroundings.dataPlane();
        List<TaskControl> assembled = JobDataPlane.assemble(
                definition.plan(),
                EPOCH,
                settings.dataPlane(),
                dataPlane.executor(),
                dataPlane.threads(),
                surroundings.outside().commands(definition.id()),
                surroundings.outside().remotePools(definition.id()));
        assembled.forEach(control -> controls.put(control.name(), control));
        definition.observer().assembled(assembled, Map.copyOf(cells));
    }

    private void carryOut(JobEffect effect) {
        if (effect instanceof JobEffect.StartService start) {
            surroundings
                    .node()
                    .tell(new NodeAgent.RunService(
                            definition.id(),
                            actorName("service", start.service()),
                            cell(start.service()),
                            fromServices));
        } else if (effect instanceof JobEffect.StartTask start) {
            surroundings
                    .node()
                    .tell(new NodeAgent.RunTask(
                            definition.id(), actorName("task", start.task()), control(start.task()), fromTasks));
        } else if (effect instanceof JobEffect.HoldSource hold) {
            order(hold.task(), TaskActor.Order.HOLD);
        } else if (effect instanceof JobEffect.ReleaseSource release) {
            order(release.task(), TaskActor.Order.RELEASE);
        } else if (effect instanceof JobEffect.StopSource stop) {
            order(stop.task(), TaskActor.Order.STOP_SOURCE);
        } else if (effect instanceof JobEffect.CommitTask commit) {
            order(commit.task(), TaskActor.Order.COMMIT);
        } else if (effect instanceof JobEffect.CancelTask cancel) {
            order(cancel.task(), TaskActor.Order.CANCEL);
        } else if (effect instanceof JobEffect.InterruptTask interrupt) {
            order(interrupt.task(), TaskActor.Order.INTERRUPT);
        } else if (effect instanceof JobEffect.AbandonTask abandon) {
            order(abandon.task(), TaskActor.Order.ABANDON);
        } else if (effect instanceof JobEffect.StopService stop) {
            services.tell(stop.service(), new ServiceActor.Stop());
        } else if (effect instanceof JobEffect.CleanUpService cleanUp) {
            services.tell(cleanUp.service(), new ServiceActor.CleanUp());
        } else if (effect instanceof JobEffect.AbandonService abandon) {
            services.tell(abandon.service(), new ServiceActor.Abandon());
        } else if (effect instanceof JobEffect.KeepService keep) {
            surroundings
                    .keptServices()
                    .tell(new KeptServices.Adopt(definition.id(), cell(keep.service()), services.ref(keep.service())));
        } else if (effect instanceof JobEffect.ReleaseOutside release) {
            releaseOutside(release);
        } else if (effect instanceof JobEffect.KillProcesses kill) {
            surroundings
                    .dataPlane()
                    .threads()
                    .submit(() -> surroundings.outside().killProcesses(definition.id(), kill.kept()));
        } else if (effect instanceof JobEffect.StartTimer timer) {
            startTimer("start", new JobCommand.StartTimedOut(), timer.timeout());
        } else if (effect instanceof JobEffect.PhaseTimer timer) {
            startTimer("phase", new JobCommand.PhaseTimedOut(timer.step()), timer.timeout());
        } else if (effect instanceof JobEffect.InterruptTimer timer) {
            startTimer("interrupt", new JobCommand.InterruptDue(), timer.after());
        } else if (effect instanceof JobEffect.ReportEnd) {
            reportEnd();
        }
    }

    private void releaseOutside(JobEffect.ReleaseOutside release) {
        int entry = release.entry();
        if (release.step() == Step.RELEASE_RESOURCES) {
            surroundings
                    .manager()
                    .tell(new ReleaseLeases(
                            definition.id(),
                            release.kept(),
                            getContext()
                                    .messageAdapter(
                                            LeasesReleased.class,
                                            answer -> new Due(new JobCommand.Released(entry, answer.lines())))));
        } else {
            ActorRef<Command> self = getContext().getSelf();
            surroundings.dataPlane().threads().submit(() -> {
                self.tell(new Due(new JobCommand.Released(entry, ended(release))));
                return entry;
            });
        }
    }

    /** Blocks. */
    private List<CleanupReport.Line> ended(JobEffect.ReleaseOutside release) {
        boolean actors = release.step() == Step.RELEASE_RAY_ACTORS;
        try {
            return actors
                    ? surroundings.outside().endActors(definition.id(), release.kept())
                    : surroundings.outside().endProcesses(definition.id(), release.kept());
        } catch (InterruptedException | RuntimeException broken) {
            return List.of(new CleanupReport.Line(
                    actors ? "ray-actors" : "processes",
                    definition.id(),
                    release.step().key(),
                    CleanupReport.Outcome.FAILED,
                    broken.toString(),
                    Duration.ZERO));
        }
    }

    private void order(String task, TaskActor.Order order) {
        if (actorless.contains(task)) {
            order.carryOut(control(task));
        } else {
            tasks.tell(task, order);
        }
    }

    private void startTimer(String key, JobCommand command, Duration after) {
        timers.startSingleTimer(key, new Due(command), after);
    }

    private void reportEnd() {
        List<TaskReport> taskReports =
                controls.values().stream().map(TaskControl::report).toList();
        Map<String, ServiceReport> serviceReports = new LinkedHashMap<>();
        cells.forEach((name, cell) -> serviceReports.put(name, cell.report()));
        JobResult result = new JobResult(
                definition.id(),
                definition.name(),
                job.state(),
                job.reason(),
                job.failure(),
                job.laterFailures(),
                taskReports,
                serviceReports,
                new CleanupReport(job.lines()),
                sinceSubmission());
        surroundings.manager().tell(new Ended(definition.id(), result));
    }

    private ServiceCell cell(String service) {
        ServiceCell cell = cells.get(service);
        if (cell == null) {
            throw new IllegalStateException("Job " + definition.id() + " has no service " + service + ".");
        }
        return cell;
    }

    private TaskControl control(String task) {
        TaskControl control = controls.get(task);
        if (control == null) {
            throw new IllegalStateException("Job " + definition.id() + " has no task " + task + ".");
        }
        return control;
    }

    /** Deterministic, as every name of what outlives an actor: kind, job, epoch, member. */
    private String actorName(String kind, String member) {
        return NodeAgent.actorName(kind + "_" + definition.id() + "_" + EPOCH + "_" + member);
    }
}
