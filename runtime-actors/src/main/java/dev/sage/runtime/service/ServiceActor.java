package dev.sage.runtime.service;

import dev.sage.api.JobFailure;
import dev.sage.runtime.core.service.ServiceEffect;
import dev.sage.runtime.core.service.ServiceLife;
import dev.sage.runtime.core.service.ServiceSignal;
import dev.sage.runtime.core.service.ServiceStep;
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
    private static final Logger LOG = LoggerFactory.getLogger(ServiceActor.class);

    /** What a service is told. */
    public sealed interface Command {}

    public record Stop() implements Command {}

    public record CleanUp() implements Command {}

    /** From now on it belongs to somebody else, who knows it by another name. */
    public record ChangeOwner(ActorRef<Event> owner, String name) implements Command {}

    /** Its clean-up hangs: interrupt it, and end. */
    public record Abandon() implements Command {}

    private record Ended(ServiceSignal.Ended signal) implements Command {}

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

    private final ServiceCell cell;
    private final BlockingThreads threads;
    private ActorRef<Event> owner;
    private String name;
    private ServiceLife life = ServiceLife.created();
    private @Nullable BlockingCall<?> running;

    private ServiceActor(
            ActorContext<Command> context, ServiceCell cell, BlockingThreads threads, ActorRef<Event> owner) {
        super(context);
        this.cell = cell;
        this.threads = threads;
        this.owner = owner;
        this.name = cell.name();
        context.watch(owner);
        owner.tell(new Spawned(name, context.getSelf()));
    }

    /** Initializes and starts the service at once. */
    public static Behavior<Command> create(ServiceCell cell, BlockingThreads threads, ActorRef<Event> owner) {
        return Behaviors.setup(
                context -> new ServiceActor(context, cell, threads, owner).on(new ServiceSignal.Start()));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Stop.class, message -> on(new ServiceSignal.Stop()))
                .onMessage(CleanUp.class, message -> on(new ServiceSignal.CleanUp()))
                .onMessage(Ended.class, message -> on(message.signal()))
                .onMessage(ChangeOwner.class, message -> changeOwner(message.owner(), message.name()))
                .onMessage(Abandon.class, message -> abandon())
                .onSignal(Terminated.class, signal -> on(new ServiceSignal.OwnerGone()))
                .onSignal(PostStop.class, signal -> postStop())
                .build();
    }

    private Behavior<Command> on(ServiceSignal signal) {
        ServiceLife before = life;
        ServiceLife.Decision decision = life.on(signal);
        life = decision.life();
        if (before.state() != life.state()) {
            getContext().getLog().debug("Service {}: {} → {}, {}", name, before.state(), life.state(), life.reason());
        }
        Behavior<Command> next = this;
        for (ServiceEffect effect : decision.effects()) {
            if (effect instanceof ServiceEffect.TellCleaned) {
                next = Behaviors.stopped();
            }
            carryOut(effect);
        }
        return next;
    }

    private void carryOut(ServiceEffect effect) {
        if (effect instanceof ServiceEffect.Run run) {
            run(run.step());
        } else if (effect instanceof ServiceEffect.Interrupt) {
            interrupt();
        } else if (effect instanceof ServiceEffect.CloseDoor) {
            cell.close();
        } else if (effect instanceof ServiceEffect.TellRunning) {
            owner.tell(new Running(name));
        } else if (effect instanceof ServiceEffect.TellFailed failed) {
            owner.tell(new Failed(name, failure(failed.step(), failed.thrown())));
        } else if (effect instanceof ServiceEffect.TellStopped stopped) {
            owner.tell(new Stopped(name, stopped.thrown().map(thrown -> failure(ServiceStep.STOP, thrown))));
        } else if (effect instanceof ServiceEffect.TellCleaned cleaned) {
            tellCleaned(cleaned.thrown().map(thrown -> failure(ServiceStep.CLEANUP, thrown)));
        }
    }

    private void tellCleaned(Optional<JobFailure> failure) {
        if (life.orphaned()) {
            failure.ifPresent(f -> getContext().getLog().warn("Cleaned up without an owner: {}", f.describe()));
        } else {
            owner.tell(new Cleaned(name, failure));
        }
    }

    private JobFailure failure(ServiceStep step, Throwable thrown) {
        return new JobFailure(
                JobFailure.Origin.SERVICE,
                cell.name(),
                0,
                OptionalLong.empty(),
                step.key(),
                Optional.of(thrown),
                thrown.toString());
    }

    private void run(ServiceStep step) {
        ActorRef<Command> self = getContext().getSelf();
        running = threads.submit(() -> {
            Throwable thrown = null;
            try {
                cell.run(step);
            } catch (Throwable e) {
                thrown = e;
            }
            self.tell(new Ended(new ServiceSignal.Ended(step, Optional.ofNullable(thrown))));
            return Done.getInstance();
        });
    }

    private void interrupt() {
        if (running != null) {
            running.interrupt();
        }
    }

    private Behavior<Command> changeOwner(ActorRef<Event> nextOwner, String nextName) {
        getContext().unwatch(owner);
        owner.tell(new OwnerChanged(name));
        owner = nextOwner;
        name = nextName;
        getContext().watch(nextOwner);
        return this;
    }

    private Behavior<Command> abandon() {
        interrupt();
        return Behaviors.stopped();
    }

    /** After an orderly end nothing is due. */
    private Behavior<Command> postStop() {
        if (cell.isCleanUpDue()) {
            threads.submit(() -> {
                try {
                    cell.run(ServiceStep.CLEANUP);
                } catch (Throwable e) {
                    LOG.warn("Service {} could not be cleaned up after its actor died", cell.name(), e);
                }
                return Done.getInstance();
            });
        }
        return this;
    }
}
