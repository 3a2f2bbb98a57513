package dev.sage.runtime.task;

import dev.sage.api.JobFailure;
import dev.sage.runtime.core.task.TaskState;
import dev.sage.runtime.core.task.TaskTransitions;
import dev.sage.runtime.core.task.TaskTrigger;
import dev.sage.runtime.dataplane.TaskControl;
import dev.sage.runtime.dataplane.TaskListener;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * The control shell of one task: passes on what its owner asks, tells what the tasklet reports, and ends with it. When
 * its owner is gone it cancels the tasklet.
 */
public final class TaskActor extends AbstractBehavior<TaskActor.Command> {

    /** What a task is told. */
    public sealed interface Command {}

    /** What its owner may ask at any time; too late or too often does no harm. */
    public enum Order implements Command {
        HOLD,
        RELEASE,
        STOP_SOURCE,
        COMMIT,
        CANCEL,
        INTERRUPT,
        ABANDON;

        /** Also for an owner whose task has lost its actor. */
        public void carryOut(TaskControl tasklet) {
            switch (this) {
                case HOLD -> tasklet.pause();
                case RELEASE -> tasklet.resume();
                case STOP_SOURCE -> tasklet.stopSource();
                case COMMIT -> tasklet.finish(true);
                case CANCEL -> tasklet.cancel();
                case INTERRUPT -> tasklet.interrupt();
                case ABANDON -> tasklet.abandon();
            }
        }
    }

    private record Opened() implements Command {}

    private record AllDone() implements Command {}

    private record Threw(JobFailure failure) implements Command {}

    private record TaskletClosed(Optional<JobFailure> failure) implements Command {}

    /** What a task tells its owner. */
    public sealed interface Event {
        String task();
    }

    public record Spawned(String task, ActorRef<Command> ref) implements Event {}

    public record Started(String task) implements Event {}

    public record Ended(String task) implements Event {}

    public record Failed(String task, JobFailure failure) implements Event {}

    /** Its actor has died, and the tasklet is being cancelled; {@link Closed} follows when that has ended. */
    public record ActorDied(String task) implements Event {}

    /** The last one; the actor is gone with it. */
    public record Closed(String task, Optional<JobFailure> failure) implements Event {}

    private final TaskControl tasklet;
    private final ActorRef<Event> owner;
    private final Listener listener;
    private TaskState state = TaskState.CREATED;

    private TaskActor(ActorContext<Command> context, TaskControl tasklet, ActorRef<Event> owner) {
        super(context);
        this.tasklet = tasklet;
        this.owner = owner;
        context.watch(owner);
        owner.tell(new Spawned(tasklet.name(), context.getSelf()));
        move(TaskTrigger.START, "its job starts");
        listener = new Listener(tasklet.name(), context.getSelf(), owner);
        tasklet.start(listener);
    }

    /** Starts the tasklet at once. */
    public static Behavior<Command> create(TaskControl tasklet, ActorRef<Event> owner) {
        return Behaviors.setup(context -> new TaskActor(context, tasklet, owner));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Order.class, this::order)
                .onMessage(Opened.class, message -> {
                    if (move(TaskTrigger.OPENED, "sources and sinks are open")) {
                        owner.tell(new Started(tasklet.name()));
                    }
                    return this;
                })
                .onMessage(AllDone.class, message -> {
                    if (move(TaskTrigger.ENDED, "all input has ended")) {
                        owner.tell(new Ended(tasklet.name()));
                    }
                    return this;
                })
                .onMessage(Threw.class, message -> {
                    if (move(TaskTrigger.FAILED, message.failure().describe())) {
                        owner.tell(new Failed(tasklet.name(), message.failure()));
                    }
                    return this;
                })
                .onMessage(TaskletClosed.class, this::closed)
                .onSignal(Terminated.class, signal -> ownerGone())
                .onSignal(PostStop.class, signal -> postStop())
                .build();
    }

    private Behavior<Command> order(Order order) {
        switch (order) {
            case COMMIT -> {
                if (move(TaskTrigger.COMMIT, "all tasks of the job have ended well")) {
                    order.carryOut(tasklet);
                }
            }
            case CANCEL -> cancel("its job ends");
            case ABANDON -> {
                move(TaskTrigger.ABANDON, "its code did not return");
                order.carryOut(tasklet);
                return Behaviors.stopped();
            }
            case HOLD, RELEASE, STOP_SOURCE, INTERRUPT -> order.carryOut(tasklet);
        }
        return this;
    }

    private Behavior<Command> cancel(String reason) {
        if (move(TaskTrigger.CANCEL, reason)) {
            tasklet.cancel();
        }
        return this;
    }

    private Behavior<Command> closed(TaskletClosed closed) {
        move(TaskTrigger.CLOSED, "it holds nothing any more");
        owner.tell(new Closed(tasklet.name(), closed.failure()));
        return Behaviors.stopped();
    }

    private Behavior<Command> ownerGone() {
        getContext().getLog().info("Task {} is cancelled: its Dispatcher is gone", tasklet.name());
        return cancel("its owner is gone");
    }

    /** After an orderly end nothing is due. */
    private Behavior<Command> postStop() {
        if (state != TaskState.CLOSED && state != TaskState.ABANDONED) {
            owner.tell(new ActorDied(tasklet.name()));
            listener.actorDied();
            tasklet.cancel();
        }
        return this;
    }

    private boolean move(TaskTrigger trigger, String reason) {
        Optional<TaskState> next = TaskTransitions.TABLE.next(state, trigger);
        next.ifPresent(to -> {
            getContext().getLog().debug("Task {}: {} → {}, {}", tasklet.name(), state, to, reason);
            state = to;
        });
        return next.isPresent();
    }

    /** Brings the tasklet's news into the actor; when that has died, the last one to its owner. */
    private static final class Listener implements TaskListener {
        private final String task;
        private final ActorRef<Command> actor;
        private final ActorRef<Event> owner;
        private boolean actorDied;
        private @Nullable TaskletClosed closed;

        Listener(String task, ActorRef<Command> actor, ActorRef<Event> owner) {
            this.task = task;
            this.actor = actor;
            this.owner = owner;
        }

        @Override
        public void started() {
            actor.tell(new Opened());
        }

        @Override
        public void ended() {
            actor.tell(new AllDone());
        }

        @Override
        public void failed(JobFailure failure) {
            actor.tell(new Threw(failure));
        }

        @Override
        public synchronized void closed(Optional<JobFailure> failure) {
            closed = new TaskletClosed(failure);
            if (actorDied) {
                owner.tell(new Closed(task, failure));
            } else {
                actor.tell(closed);
            }
        }

        /** What was told to the actor last may not have been heard. */
        synchronized void actorDied() {
            actorDied = true;
            if (closed != null) {
                owner.tell(new Closed(task, closed.failure()));
            }
        }
    }
}
