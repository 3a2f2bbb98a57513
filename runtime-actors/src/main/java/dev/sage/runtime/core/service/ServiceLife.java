package dev.sage.runtime.core.service;

import dev.sage.api.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Where one service is in its life, and what follows from each signal. Immutable.
 *
 * @param state by the table {@link ServiceTransitions}
 * @param policy whether it is made anew when it dies
 * @param instance the number, from 1, of the instance that lives or is to be made next
 * @param restartsNs when it was restarted, as far as that still counts
 * @param running the life-cycle method that has not returned; one that was given up does not count
 * @param held the life-cycle method that was given up for the cleanup, as long as it has not returned
 * @param stopRequested from then on it goes towards its end only
 * @param orphaned its owner is gone: it goes through stop and clean-up by itself
 * @param reason of the last change of state
 */
public record ServiceLife(
        ServiceState state,
        RestartPolicy policy,
        int instance,
        List<Long> restartsNs,
        Optional<ServiceStep> running,
        Optional<ServiceStep> held,
        boolean stopRequested,
        boolean orphaned,
        String reason) {
    public ServiceLife {
        restartsNs = List.copyOf(restartsNs);
    }

    /** The life after a signal, and what is to be done; no effects when it came too late. */
    public record Decision(ServiceLife life, List<ServiceEffect> effects) {
        public Decision {
            effects = List.copyOf(effects);
        }
    }

    public static ServiceLife created(RestartPolicy policy) {
        return new ServiceLife(
                ServiceState.CREATED,
                policy,
                1,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                "created");
    }

    public Decision on(ServiceSignal signal) {
        Next next = new Next(this);
        if (signal instanceof ServiceSignal.Start) {
            next.moveAndRun(ServiceTrigger.START, "its job starts", ServiceStep.INIT);
        } else if (signal instanceof ServiceSignal.Stop) {
            next.stop("asked to stop");
        } else if (signal instanceof ServiceSignal.CleanUp) {
            next.cleanUp("asked to clean up");
        } else if (signal instanceof ServiceSignal.OwnerGone) {
            next.ownerGone();
        } else if (signal instanceof ServiceSignal.Died died && died.instance() == instance) {
            next.died(died.cause(), died.nowNs());
        } else if (signal instanceof ServiceSignal.RestartLate late && late.instance() == instance) {
            next.restartLate(late.allowed());
        } else if (signal instanceof ServiceSignal.Ended ended && running.equals(Optional.of(ended.step()))) {
            next.ended(ended.step(), ended.thrown().orElse(null));
        } else if (signal instanceof ServiceSignal.Ended ended && held.equals(Optional.of(ended.step()))) {
            next.heldReturned();
        }
        return next.decision();
    }

    /** Whether it is cleaned up and no code of it runs any more. */
    public boolean isOver() {
        return state == ServiceState.CLEANED && held.isEmpty();
    }

    /** The life that is being decided on. */
    private static final class Next {
        private final List<ServiceEffect> effects = new ArrayList<>();
        private final RestartPolicy policy;
        private ServiceState state;
        private int instance;
        private List<Long> restartsNs;
        private Optional<ServiceStep> running;
        private Optional<ServiceStep> held;
        private boolean stopRequested;
        private boolean orphaned;
        private String reason;

        Next(ServiceLife life) {
            policy = life.policy;
            state = life.state;
            instance = life.instance;
            restartsNs = life.restartsNs;
            running = life.running;
            held = life.held;
            stopRequested = life.stopRequested;
            orphaned = life.orphaned;
            reason = life.reason;
        }

        Decision decision() {
            return new Decision(
                    new ServiceLife(
                            state, policy, instance, restartsNs, running, held, stopRequested, orphaned, reason),
                    effects);
        }

        void stop(String why) {
            stopRequested = true;
            effects.add(new ServiceEffect.CloseDoor());
            switch (state) {
                case RUNNING, DEAD -> moveAndRun(ServiceTrigger.STOP, why, ServiceStep.STOP);
                case INITIALIZING, STARTING -> effects.add(new ServiceEffect.Interrupt());
                case STOPPED -> stopped(null);
                case CREATED, RESTARTING, STOPPING, CLEANING, CLEANED -> {}
            }
        }

        /** Its owner hears of a death before callers do, so that the death and not a failed call is the cause. */
        void died(Throwable cause, long nowNs) {
            if (state != ServiceState.RUNNING) {
                return;
            }
            long withinNs = policy.within().toNanos();
            List<Long> counting = new ArrayList<>(
                    restartsNs.stream().filter(at -> nowNs - at < withinNs).toList());
            if (counting.size() >= policy.restarts()) {
                move(ServiceTrigger.DIE, "died of " + cause);
                effects.add(new ServiceEffect.TellDied(cause));
                effects.add(new ServiceEffect.CloseDoor());
                return;
            }
            counting.add(nowNs);
            restartsNs = counting;
            effects.add(new ServiceEffect.TellRestarting(instance, cause, counting.size(), policy.restarts()));
            instance++;
            effects.add(new ServiceEffect.HoldDoor());
            effects.add(new ServiceEffect.BoundRestart(instance));
            moveAndRun(ServiceTrigger.RESTART, "died of " + cause, ServiceStep.DISCARD);
        }

        void restartLate(Duration allowed) {
            Optional<ServiceStep> late = running;
            boolean restarting = state == ServiceState.RESTARTING
                    || state == ServiceState.INITIALIZING
                    || state == ServiceState.STARTING;
            if (restarting && !stopRequested && late.isPresent()) {
                stopRequested = true;
                effects.add(new ServiceEffect.TellFailed(
                        late.get(),
                        new TimeoutException("it died, and its next instance did not run within " + allowed)));
                effects.add(new ServiceEffect.CloseDoor());
                effects.add(new ServiceEffect.Interrupt());
            }
        }

        void cleanUp(String why) {
            Optional<ServiceStep> unfinished = running;
            if (moveAndRun(ServiceTrigger.CLEAN_UP, why, ServiceStep.CLEANUP) && unfinished.isPresent()) {
                held = unfinished;
                effects.add(effects.size() - 1, new ServiceEffect.Interrupt());
            }
        }

        void ownerGone() {
            orphaned = true;
            if (state == ServiceState.STOPPED) {
                cleanUp("its owner is gone");
            } else {
                stop("its owner is gone");
            }
        }

        void ended(ServiceStep step, @Nullable Throwable thrown) {
            running = Optional.empty();
            if (thrown != null) {
                move(ServiceTrigger.THREW, step.key() + " threw " + thrown);
                threw(step, thrown);
                return;
            }
            boolean late = stopRequested && step != ServiceStep.STOP && step != ServiceStep.CLEANUP;
            move(late ? ServiceTrigger.RETURNED_LATE : ServiceTrigger.RETURNED, step.key() + " returned");
            switch (state) {
                case INITIALIZING -> run(ServiceStep.INIT);
                case STARTING -> run(ServiceStep.START);
                case RUNNING ->
                    effects.add(
                            instance == 1
                                    ? new ServiceEffect.TellRunning()
                                    : new ServiceEffect.TellRestarted(instance));
                case STOPPING -> run(ServiceStep.STOP);
                case STOPPED -> stopped(null);
                case CLEANED -> cleaned(null);
                case CREATED, RESTARTING, DEAD, CLEANING -> {}
            }
        }

        private void threw(ServiceStep step, Throwable thrown) {
            switch (step) {
                case CLEANUP -> cleaned(thrown);
                case STOP -> stopped(thrown);
                case DISCARD -> {
                    if (stopRequested) {
                        stopped(thrown);
                    } else {
                        effects.add(new ServiceEffect.TellFailed(step, thrown));
                    }
                }
                case INIT, START -> {
                    if (stopRequested) {
                        // Interrupted on purpose while it started: what it threw about that is no failure of its own.
                        stopped(null);
                    } else {
                        effects.add(new ServiceEffect.TellFailed(step, thrown));
                    }
                }
            }
        }

        /** What is held, and by what: its owner may wait a little longer for a method that was interrupted just now. */
        private void cleaned(@Nullable Throwable thrown) {
            Optional<Throwable> told = Optional.ofNullable(thrown);
            effects.add(
                    held.isPresent()
                            ? new ServiceEffect.TellHeld(held.get(), told)
                            : new ServiceEffect.TellCleaned(told));
        }

        void heldReturned() {
            held = Optional.empty();
            if (state == ServiceState.CLEANED) {
                effects.add(new ServiceEffect.TellCleaned(Optional.empty()));
            }
        }

        private void stopped(@Nullable Throwable thrown) {
            if (orphaned) {
                cleanUp("its owner is gone");
            } else {
                effects.add(new ServiceEffect.TellStopped(Optional.ofNullable(thrown)));
            }
        }

        boolean moveAndRun(ServiceTrigger trigger, String why, ServiceStep step) {
            boolean moved = move(trigger, why);
            if (moved) {
                run(step);
            }
            return moved;
        }

        private boolean move(ServiceTrigger trigger, String why) {
            Optional<ServiceState> to = ServiceTransitions.TABLE.next(state, trigger);
            to.ifPresent(newState -> {
                state = newState;
                reason = why;
            });
            return to.isPresent();
        }

        private void run(ServiceStep step) {
            running = Optional.of(step);
            effects.add(new ServiceEffect.Run(step));
        }
    }
}
