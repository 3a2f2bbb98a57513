package dev.sage.runtime.service;

import dev.sage.api.JobFailure;
import dev.sage.runtime.core.service.ServiceEffect;
import dev.sage.runtime.core.service.ServiceLife;
import dev.sage.runtime.core.service.ServiceSignal;
import dev.sage.runtime.core.service.ServiceState;
import dev.sage.runtime.core.service.ServiceStep;
import dev.sage.runtime.dataplane.BlockingCall;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Takes one service through its life, one life-cycle method at a time, each on a thread for blocking code. When its owner
 * is gone it stops and cleans up by itself; when it dies itself, the clean-up that is still due runs nevertheless.
 */
public final class ServiceActor extends AbstractBehavior<ServiceActor.Command> {
    /** What a service is told. */
    public sealed interface Command {}

    public record Stop() implements Command {}

    public record CleanUp() implements Command {}

    /** What a service is told by its own instances and timers. */
    private record Heard(ServiceSignal signal) implements Command {}

    /** From now on it belongs to somebody else, who knows it by another name and hears {@link Spawned}. */
    public record ChangeOwner(ActorRef<Event> owner, String name) implements Command {}

    /** Its clean-up hangs: interrupt it, and end. */
    public record Abandon() implements Command {}

    /** What a service tells its owner. */
    public sealed interface Event {
        String service();
    }

    public record Spawned(String service, ActorRef<Command> ref) implements Event {}

    public record Running(String service) implements Event {}

    /** It died, and is made anew; see {@link dev.sage.api.JobEvent.ServiceRestarting}. */
    public record Restarting(String service, int instance, Throwable cause, int restart, int allowed)
            implements Event {}

    public record Restarted(String service, int instance) implements Event {}

    /** {@code init} or {@code start} threw, or it died for good. */
    public record Failed(String service, JobFailure failure) implements Event {}

    public record Stopped(String service, Optional<JobFailure> failure) implements Event {}

    /** Its cleanup has ended; {@code step}, which was interrupted for that, has not. {@link Cleaned} follows if it does. */
    public record Held(String service, String step, Optional<JobFailure> failure) implements Event {}

    public record Cleaned(String service, Optional<JobFailure> failure) implements Event {}

    /** Its actor has died. What is due of its end runs without it, and {@link Cleaned} follows. */
    public record ActorDied(String service) implements Event {}

    public record OwnerChanged(String service) implements Event {}

    private final ServiceCell cell;
    private final BlockingThreads threads;
    private final TimerScheduler<Command> timers;
    private ActorRef<Event> owner;
    private String name;
    private ServiceLife life;
    private @Nullable BlockingCall<Optional<Throwable>> running;
    /** The method that was given up for the cleanup. */
    private @Nullable BlockingCall<Optional<Throwable>> held;

    private boolean abandoned;

    private ServiceActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ServiceCell cell,
            BlockingThreads threads,
            ActorRef<Event> owner) {
        super(context);
        this.timers = timers;
        this.cell = cell;
        this.life = ServiceLife.created(cell.restartPolicy());
        this.threads = threads;
        this.owner = owner;
        this.name = cell.name();
        context.watch(owner);
        owner.tell(new Spawned(name, context.getSelf()));
        ActorRef<Command> self = context.getSelf();
        cell.onDeath(instance -> died(self, instance));
    }

    /** From any thread. */
    private static void died(ActorRef<Command> self, ServiceInstance instance) {
        Throwable cause = instance.death();
        if (cause != null) {
            self.tell(new Heard(new ServiceSignal.Died(instance.number, cause, System.nanoTime())));
        }
    }

    /** Initializes and starts the service at once. */
    public static Behavior<Command> create(ServiceCell cell, BlockingThreads threads, ActorRef<Event> owner) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new ServiceActor(context, timers, cell, threads, owner).on(new ServiceSignal.Start())));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Stop.class, message -> on(new ServiceSignal.Stop()))
                .onMessage(CleanUp.class, message -> on(new ServiceSignal.CleanUp()))
                .onMessage(Heard.class, message -> on(message.signal()))
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
        } else if (effect instanceof ServiceEffect.HoldDoor) {
            cell.hold();
        } else if (effect instanceof ServiceEffect.BoundRestart bound) {
            timers.startSingleTimer(
                    "restart",
                    new Heard(new ServiceSignal.RestartLate(bound.instance(), cell.startTimeout())),
                    cell.startTimeout());
        } else if (effect instanceof ServiceEffect.TellRunning) {
            tellRunning(new Running(name));
        } else if (effect instanceof ServiceEffect.TellRestarting restarting) {
            owner.tell(new Restarting(
                    name, restarting.instance(), restarting.cause(), restarting.restart(), restarting.allowed()));
        } else if (effect instanceof ServiceEffect.TellRestarted restarted) {
            tellRunning(new Restarted(name, restarted.instance()));
        } else if (effect instanceof ServiceEffect.TellFailed failed) {
            tellFailed(failed.step().key(), failed.thrown());
        } else if (effect instanceof ServiceEffect.TellDied died) {
            tellFailed("run", died.cause());
        } else if (effect instanceof ServiceEffect.TellStopped stopped) {
            owner.tell(new Stopped(name, stopped.thrown().map(thrown -> failure(ServiceStep.STOP.key(), thrown))));
        } else if (effect instanceof ServiceEffect.TellHeld holding) {
            tellHeld(holding.step().key(), holding.thrown().map(thrown -> failure(ServiceStep.CLEANUP.key(), thrown)));
        } else if (effect instanceof ServiceEffect.TellCleaned cleaned) {
            tellCleaned(cleaned.thrown().map(thrown -> failure(ServiceStep.CLEANUP.key(), thrown)));
        }
    }

    /** One that died at once said so when it did not run yet for this actor. */
    private void tellRunning(Event runs) {
        owner.tell(runs);
        ServiceInstance dead = cell.dead();
        if (dead != null) {
            died(getContext().getSelf(), dead);
        }
    }

    private void tellFailed(String step, Throwable thrown) {
        cell.failed(thrown);
        owner.tell(new Failed(name, failure(step, thrown)));
    }

    private void tellCleaned(Optional<JobFailure> failure) {
        if (life.orphaned()) {
            warn(failure);
        } else {
            owner.tell(new Cleaned(name, failure));
        }
    }

    private void tellHeld(String step, Optional<JobFailure> failure) {
        if (life.orphaned()) {
            warn(failure);
        } else {
            owner.tell(new Held(name, step, failure));
        }
    }

    private void warn(Optional<JobFailure> failure) {
        failure.ifPresent(f -> getContext().getLog().warn("Cleaned up without an owner: {}", f.describe()));
    }

    private JobFailure failure(String step, Throwable thrown) {
        return new JobFailure(
                JobFailure.Origin.SERVICE,
                cell.name(),
                0,
                OptionalLong.empty(),
                step,
                Optional.of(thrown),
                thrown.toString());
    }

    private void run(ServiceStep step) {
        ActorRef<Command> self = getContext().getSelf();
        if (life.held().isPresent()) {
            held = running;
        }
        running = threads.submit(() -> {
            Optional<Throwable> thrown = thrownBy(step);
            self.tell(new Heard(new ServiceSignal.Ended(step, thrown)));
            return thrown;
        });
    }

    private Optional<Throwable> thrownBy(ServiceStep step) {
        try {
            cell.run(step);
            return Optional.empty();
        } catch (Throwable thrown) {
            return Optional.of(thrown);
        }
    }

    private void interrupt() {
        if (running != null) {
            running.interrupt();
        }
        if (held != null) {
            held.interrupt();
        }
    }

    private Behavior<Command> changeOwner(ActorRef<Event> nextOwner, String nextName) {
        getContext().unwatch(owner);
        owner.tell(new OwnerChanged(name));
        owner = nextOwner;
        name = nextName;
        getContext().watch(nextOwner);
        owner.tell(new Spawned(name, getContext().getSelf()));
        return this;
    }

    private Behavior<Command> abandon() {
        abandoned = true;
        interrupt();
        return Behaviors.stopped();
    }

    /** After an orderly end nothing is due. */
    private Behavior<Command> postStop() {
        if (!life.isOver() && !abandoned) {
            owner.tell(new ActorDied(name));
            cell.close();
            interruptStart();
            if (running == null) {
                threads.submit(() -> endWithoutActor(Optional.empty()));
            } else {
                running.result().whenComplete((thrown, e) -> threads.submit(() -> endWithoutActor(thrown)));
            }
        }
        return this;
    }

    /** A start is of no use any more; an end is. */
    private void interruptStart() {
        if (life.state() == ServiceState.INITIALIZING || life.state() == ServiceState.STARTING) {
            interrupt();
        }
    }

    /** On a thread for blocking code, when no other life-cycle method runs; does what those that ran have left. */
    private @Nullable Void endWithoutActor(Optional<Throwable> thrownLast) {
        Optional<Throwable> thrown = thrownBy(ServiceStep.DISCARD);
        boolean cleaning = life.state() == ServiceState.CLEANING;
        Optional<JobFailure> failure = thrown.or(() -> cleaning ? thrownLast : Optional.empty())
                .map(e -> failure(ServiceStep.CLEANUP.key(), e));
        BlockingCall<Optional<Throwable>> before = held;
        if (before == null || before.hasEnded()) {
            owner.tell(new Cleaned(name, failure));
        } else {
            owner.tell(new Held(name, life.held().map(ServiceStep::key).orElse(""), failure));
            before.result().whenComplete((returned, e) -> owner.tell(new Cleaned(name, Optional.empty())));
        }
        return null;
    }
}
