package dev.sage.runtime.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailure;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.ServiceReport;
import dev.sage.api.TaskReport;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.job.JobCommand;
import dev.sage.runtime.core.queue.JobQueue;
import dev.sage.runtime.dispatch.Dispatcher;
import dev.sage.runtime.dispatch.JobDefinition;
import dev.sage.runtime.node.DataPlane;
import dev.sage.runtime.node.NodeAgent;
import dev.sage.runtime.service.ServiceCell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

    public record DispatcherSpawned(String jobId, ActorRef<Dispatcher.Command> ref) implements Command {}

    /** Starts a service that belongs to the environment. */
    public record StartShared(ServiceCell cell) implements Command {}

    /** What was left of a job whose Dispatcher died is gone, or was left behind by name. */
    public record JobReaped(
            String jobId,
            List<CleanupReport.Line> lines,
            List<JobFailure> troubles,
            List<TaskReport> tasks,
            Map<String, ServiceReport> services)
            implements Command {}

    private record JobEnded(Dispatcher.Ended ended) implements Command {}

    private record DispatcherGone(String jobId) implements Command {}

    private final ActorRef<NodeAgent.Command> node;
    private final ActorRef<KeptServices.Command> keptServices;
    private final Dispatcher.Surroundings surroundings;
    private final Map<String, Entry> jobs = new LinkedHashMap<>();
    private JobQueue queue;
    private boolean intakeStopped;
    private @Nullable CompletableFuture<Done> awaitingEnd;

    private JobManager(
            ActorContext<Command> context,
            SageSettings settings,
            DataPlane dataPlane,
            KeptRegistry registry,
            ActorRef<NodeAgent.Command> node) {
        super(context);
        this.node = node;
        this.queue = JobQueue.of(settings.maxRunningJobs(), settings.maxWaitingJobs());
        this.keptServices = context.spawn(KeptServices.create(settings, registry, node), "kept-services");
        // Nobody could end those services any more: its death is also the end of this actor.
        context.watch(keptServices);
        this.surroundings = new Dispatcher.Surroundings(
                settings, dataPlane, node, context.messageAdapter(Dispatcher.Ended.class, JobEnded::new), keptServices);
    }

    /** {@code registry} shows the kept services to those outside the actors. */
    public static Behavior<Command> create(
            SageSettings settings, DataPlane dataPlane, KeptRegistry registry, ActorRef<NodeAgent.Command> node) {
        return Behaviors.setup(context -> new JobManager(context, settings, dataPlane, registry, node));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Submit.class, message -> submit(message.job()))
                .onMessage(Tell.class, message -> tell(message.jobId(), message.command()))
                .onMessage(DispatcherSpawned.class, message -> spawned(message.jobId(), message.ref()))
                .onMessage(JobEnded.class, message -> ended(message.ended()))
                .onMessage(DispatcherGone.class, message -> dispatcherGone(message.jobId()))
                .onMessage(JobReaped.class, this::reaped)
                .onMessage(StartShared.class, message -> {
                    keptServices.tell(new KeptServices.StartShared(message.cell()));
                    return this;
                })
                .onMessage(EndKept.class, message -> {
                    keptServices.tell(new KeptServices.End(message.name(), message.reply()));
                    return this;
                })
                .onMessage(StopIntake.class, message -> {
                    intakeStopped = true;
                    message.reply().complete(Done.getInstance());
                    return this;
                })
                .onMessage(EndAll.class, message -> endAll(message.reason(), message.reply()))
                .build();
    }

    private Behavior<Command> submit(JobDefinition job) {
        if (intakeStopped) {
            refuse(job, JobState.CANCELLED, "its environment is being closed and takes no more jobs");
        } else if (queue.isFull()) {
            refuse(
                    job,
                    JobState.FAILED,
                    queue.running().size() + " jobs run and " + queue.waiting().size()
                            + " wait, which is all that sage.job.max-running and sage.job.max-waiting allow."
                            + " Wait for some to end, or raise the settings");
        } else {
            queue = queue.submitted(job.id());
            jobs.put(job.id(), new Entry(job));
            node.tell(
                    new NodeAgent.RunDispatcher(job, surroundings, getContext().getSelf()));
            admit();
        }
        return this;
    }

    private static void refuse(JobDefinition job, JobState state, String reason) {
        job.observer().stateChanged(state, reason);
        job.observer().ended(job.result(state, reason));
    }

    private void admit() {
        for (String id : queue.admissible()) {
            queue = queue.admitted(id);
            tell(id, new JobCommand.Admit());
        }
    }

    private Behavior<Command> tell(String id, JobCommand command) {
        Entry entry = jobs.get(id);
        if (entry != null) {
            entry.tell(command);
        }
        return this;
    }

    private Behavior<Command> spawned(String id, ActorRef<Dispatcher.Command> dispatcher) {
        getContext().watchWith(dispatcher, new DispatcherGone(id));
        Entry entry = jobs.get(id);
        if (entry != null) {
            entry.spawned(dispatcher);
        }
        return this;
    }

    private Behavior<Command> ended(Dispatcher.Ended ended) {
        Entry entry = jobs.get(ended.jobId());
        if (entry != null) {
            entry.result = ended.result();
        }
        return this;
    }

    private Behavior<Command> dispatcherGone(String id) {
        Entry entry = jobs.get(id);
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
        Entry entry = jobs.get(reaped.jobId());
        if (entry == null) {
            return this;
        }
        String reason = "its Dispatcher died";
        entry.job.observer().stateChanged(JobState.FAILED, reason);
        return over(
                entry,
                entry.job.result(
                        JobState.FAILED, reason, reaped.troubles(), reaped.lines(), reaped.tasks(), reaped.services()));
    }

    private Behavior<Command> over(Entry entry, JobResult result) {
        jobs.remove(entry.job.id());
        queue = queue.ended(entry.job.id());
        entry.job.observer().ended(result);
        admit();
        endKeptServicesWhenLast();
        return this;
    }

    private Behavior<Command> endAll(String reason, CompletableFuture<Done> reply) {
        intakeStopped = true;
        awaitingEnd = reply;
        jobs.values().forEach(entry -> entry.tell(new JobCommand.Cancel(reason)));
        endKeptServicesWhenLast();
        return this;
    }

    private void endKeptServicesWhenLast() {
        if (awaitingEnd != null && jobs.isEmpty()) {
            keptServices.tell(new KeptServices.EndAll(awaitingEnd));
        }
    }

    /** A job, from its submission until its Dispatcher, or what that left, is gone. */
    private static final class Entry {
        final JobDefinition job;
        private final List<JobCommand> early = new ArrayList<>();
        private @Nullable ActorRef<Dispatcher.Command> dispatcher;

        @Nullable
        JobResult result;

        Entry(JobDefinition job) {
            this.job = job;
        }

        void tell(JobCommand command) {
            if (dispatcher == null) {
                early.add(command);
            } else {
                dispatcher.tell(new Dispatcher.Ask(command));
            }
        }

        void spawned(ActorRef<Dispatcher.Command> ref) {
            dispatcher = ref;
            early.forEach(this::tell);
            early.clear();
        }
    }
}
