package dev.sage.runtime.service;

import dev.sage.api.JobFailure;
import dev.sage.runtime.core.service.ServiceState;
import dev.sage.runtime.core.service.ServiceTransitions;
import dev.sage.runtime.core.service.ServiceTrigger;
import dev.sage.runtime.dataplane.BlockingCall;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one service through its life, one life-cycle method at a time, each on a thread for blocking code. When its owner
 * is gone it stops and cleans up by itself; when it dies itself, the clean-up that is still due runs nevertheless.
 */
public final class ServiceActor extends AbstractBehavior<ServiceActor.Command> {

    /** What a service is told. */
    public sealed interface Command {}

    public record Stop() implements Command {}

    public record CleanUp() implements Command {}

    /** From now on it belongs to somebody else, who knows it by another name. */
    public record ChangeOwner(ActorRef<Event> owner, String name) implements Command {}

    /** Its clean-up hangs: interrupt it, and end. */
    public record Abandon() implements Command {}

    private record Returned(Step step, @Nullable Throwable thrown) implements Command {}

    /** What a service tells its owner. */
    public sealed interface Event {
        String service();
    }

    public record Spawned(String service, ActorRef<Command> ref) implements Event {}

    public record Running(String service) implements Event {}

    /** {@code init} or {@code start} threw. */
    public record Failed(String service, JobFailure failure) implements Event {}

    public record Stopped(String service, Optional<JobFailure> failure) implements Event {}

    public record Cleaned(String service, Optional<JobFailure> failure) implements Event {}

    public record OwnerChanged(String service) implements Event {}

    private enum Step {
        INIT,
        START,
        STOP,
        CLEANUP
    }

    private final ServiceCell cell;
    private final BlockingThreads threads;
    private ActorRef<Event> owner;
    private String name;
    private ServiceState state = ServiceState.CREATED;
    private boolean stopRequested;
    private boolean orphaned;
    private @Nullable BlockingCall<?> running;
    private @Nullable Step current;

    private ServiceActor(
            ActorContext<Command> context, ServiceCell cell, BlockingThreads threads, ActorRef<Event> owner) {
        super(context);
        this.cell = cell;
        this.threads = threads;
        this.owner = owner;
        this.name = cell.name();
        context.watch(owner);
        owner.tell(new Spawned(name, context.getSelf()));
        move(ServiceTrigger.START, "its job starts");
        run(Step.INIT, cell::init);
    }

    /** Initializes and starts the service at once. */
    public static Behavior<Command> create(ServiceCell cell, BlockingThreads threads, ActorRef<Event> owner) {
        return Behaviors.setup(context -> new ServiceActor(context, cell, threads, owner));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Stop.class, message -> stop())
                .onMessage(CleanUp.class, message -> cleanUp())
                .onMessage(ChangeOwner.class, message -> changeOwner(message.owner(), message.name()))
                .onMessage(Abandon.class, message -> abandon())
                .onMessage(Returned.class, this::returned)
                .onSignal(Terminated.class, signal -> ownerGone())
                .onSignal(PostStop.class, signal -> postStop())
                .build();
    }

    private Behavior<Command> stop() {
        stopRequested = true;
        cell.close();
        switch (state) {
            case RUNNING -> {
                move(ServiceTrigger.STOP, "asked to stop");
                run(Step.STOP, cell::stop);
            }
            case INITIALIZING, STARTING -> interrupt();
            case STOPPED -> stopped(null);
            default -> {}
        }
        return this;
    }

    private Behavior<Command> cleanUp() {
        if (move(ServiceTrigger.CLEAN_UP, "asked to clean up")) {
            interrupt();
            run(Step.CLEANUP, cell::cleanUp);
        }
        return this;
    }

    private Behavior<Command> returned(Returned returned) {
        if (returned.step() != current) {
            // A method that had been given up returned after all; another one is under way.
            return this;
        }
        running = null;
        current = null;
        Throwable thrown = returned.thrown();
        if (thrown != null) {
            return threw(returned.step(), thrown);
        }
        boolean late = stopRequested && (returned.step() == Step.INIT || returned.step() == Step.START);
        move(late ? ServiceTrigger.RETURNED_LATE : ServiceTrigger.RETURNED, returned.step() + " returned");
        switch (state) {
            case STARTING -> run(Step.START, cell::start);
            case RUNNING -> owner.tell(new Running(name));
            case STOPPING -> run(Step.STOP, cell::stop);
            case STOPPED -> stopped(null);
            case CLEANED -> {
                return cleaned(Optional.empty());
            }
            default -> {}
        }
        return this;
    }

    private Behavior<Command> threw(Step step, Throwable thrown) {
        move(ServiceTrigger.THREW, step + " threw " + thrown);
        JobFailure failure = new JobFailure(
                JobFailure.Origin.SERVICE,
                cell.name(),
                0,
                OptionalLong.empty(),
                step.name().toLowerCase(java.util.Locale.ROOT),
                Optional.of(thrown),
                thrown.toString());
        if (step == Step.CLEANUP) {
            return cleaned(Optional.of(failure));
        }
        if (step == Step.STOP) {
            stopped(failure);
        } else if (stopRequested) {
            // Interrupted on purpose while it started: what it threw about that is no failure of its own.
            stopped(null);
        } else {
            owner.tell(new Failed(name, failure));
        }
        return this;
    }

    private void stopped(@Nullable JobFailure failure) {
        if (orphaned) {
            cleanUp();
        } else {
            owner.tell(new Stopped(name, Optional.ofNullable(failure)));
        }
    }

    private Behavior<Command> cleaned(Optional<JobFailure> failure) {
        if (orphaned) {
            failure.ifPresent(f -> getContext().getLog().warn("Service cleaned up without its owner: {}", f.describe()));
        } else {
            owner.tell(new Cleaned(name, failure));
        }
        return Behaviors.stopped();
    }

    private Behavior<Command> changeOwner(ActorRef<Event> next, String nextName) {
        getContext().unwatch(owner);
        owner.tell(new OwnerChanged(name));
        owner = next;
        name = nextName;
        getContext().watch(next);
        return this;
    }

    private Behavior<Command> abandon() {
        interrupt();
        return Behaviors.stopped();
    }

    private Behavior<Command> ownerGone() {
        orphaned = true;
        return state == ServiceState.STOPPED ? cleanUp() : stop();
    }

    private Behavior<Command> postStop() {
        if (cell.isCleanUpDue()) {
            Logger log = LoggerFactory.getLogger(ServiceActor.class);
            threads.submit(() -> {
                try {
                    cell.cleanUp();
                } catch (Throwable e) {
                    log.warn("Service {} could not be cleaned up", cell.name(), e);
                }
                return Done.getInstance();
            });
        }
        return this;
    }

    private void run(Step step, LifeCycleMethod method) {
        ActorRef<Command> self = getContext().getSelf();
        current = step;
        running = threads.submit(() -> {
            Throwable thrown = null;
            try {
                method.run();
            } catch (Throwable e) {
                thrown = e;
            }
            self.tell(new Returned(step, thrown));
            return Done.getInstance();
        });
    }

    private void interrupt() {
        if (running != null) {
            running.interrupt();
        }
    }

    private boolean move(ServiceTrigger trigger, String reason) {
        Optional<ServiceState> next = ServiceTransitions.TABLE.next(state, trigger);
        next.ifPresent(to -> {
            getContext().getLog().debug("Service {}: {} → {}, {}", cell.name(), state, to, reason);
            state = to;
        });
        return next.isPresent();
    }

    @FunctionalInterface
    private interface LifeCycleMethod {
        void run() throws Exception;
    }
}
