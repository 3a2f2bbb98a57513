package dev.sage.runtime.service;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobFailure;
import dev.sage.runtime.core.job.ShutdownPhase;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The end of one service that no Dispatcher sees to: stop, then cleanup, each within its time, then it is given up. It
 * belongs to one actor, which passes on what it hears of the service.
 */
public final class ServiceEnd {

    /** How long each half may take. */
    public record Bounds(Duration stop, Duration cleanUp) {
        /** As long as the phases of the same names. */
        public static Bounds of(List<ShutdownPhase> phases) {
            return new Bounds(
                    ShutdownPhase.timeoutOf(phases, Step.STOP_SERVICES),
                    ShutdownPhase.timeoutOf(phases, Step.CLEANUP_SERVICES));
        }

        public Bounds atMost(Duration most) {
            return new Bounds(least(stop, most), least(cleanUp, most));
        }

        private static Duration least(Duration one, Duration other) {
            return one.compareTo(other) <= 0 ? one : other;
        }
    }

    /**
     * What its actor does for it.
     *
     * @param tell reaches the service
     * @param alarm runs something in the actor after a time, instead of what was to run before
     * @param ended is called once, when {@link #line} and {@link #troubles} are known
     */
    public record Hands(
            Consumer<ServiceActor.Command> tell, BiConsumer<Duration, Runnable> alarm, Consumer<ServiceEnd> ended) {}

    private final String name;
    private final ServiceCell cell;
    private Bounds bounds;
    private final Hands hands;
    private final List<JobFailure> troubles = new ArrayList<>();
    private long sinceNs = System.nanoTime();
    private boolean begun;
    private boolean cleaning;
    private boolean over;
    private String held = "a method that was interrupted for that";
    private String unclean = "";

    public ServiceEnd(String name, ServiceCell cell, Bounds bounds, Hands hands) {
        this.name = name;
        this.cell = cell;
        this.bounds = bounds;
        this.hands = hands;
    }

    public ServiceCell cell() {
        return cell;
    }

    /** Doing it twice does nothing. */
    public void begin() {
        if (!begun) {
            begun = true;
            sinceNs = System.nanoTime();
            hands.tell().accept(new ServiceActor.Stop());
            armAlarm();
        }
    }

    /** Also what runs already has no longer than this from now on. */
    public void hurry(Duration timeout) {
        bounds = bounds.atMost(timeout);
        if (begun && !over) {
            armAlarm();
        }
    }

    private void armAlarm() {
        if (cleaning) {
            hands.alarm().accept(bounds.cleanUp(), this::cleanUpLate);
        } else {
            hands.alarm().accept(bounds.stop(), this::stopLate);
        }
    }

    /** What is heard of the service. Begins its end, should the service have failed. */
    public void on(ServiceActor.Event event) {
        if (event instanceof ServiceActor.Failed failed) {
            troubles.add(failed.failure());
            begin();
        } else if (event instanceof ServiceActor.ActorDied) {
            trouble("run", "the service's actor died");
            begin();
        } else if (event instanceof ServiceActor.Stopped stopped) {
            stopped.failure().ifPresent(troubles::add);
            cleanUp();
        } else if (event instanceof ServiceActor.Held holding) {
            held = "its " + holding.step();
            holding.failure().map(JobFailure::describe).ifPresent(this::unclean);
        } else if (event instanceof ServiceActor.Cleaned cleaned) {
            cleaned.failure().map(JobFailure::describe).ifPresent(this::unclean);
            end();
        }
    }

    /** Its actor has ended; for those who are not its owner, and hear nothing else of it. */
    public void gone() {
        if (!cell.report().cleanupCompleted()) {
            unclean("cleanup was not completed; the log tells why");
        }
        end();
    }

    private void stopLate() {
        if (over) {
            return;
        }
        // Whoever is not its owner does not hear that its stop has returned.
        if (!cell.report().cleanupCalled()) {
            trouble("stop", "stop, or the start or a call before it, did not return within " + bounds.stop());
        }
        cleanUp();
    }

    private void cleanUp() {
        cleaning = true;
        hands.tell().accept(new ServiceActor.CleanUp());
        armAlarm();
    }

    private void cleanUpLate() {
        if (!over) {
            unclean(
                    cell.report().cleanupCompleted()
                            ? "it was cleaned up, but " + held + " has not returned, and its thread was left behind"
                            : "cleanup did not return within " + bounds.cleanUp());
            hands.tell().accept(new ServiceActor.Abandon());
            end();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            hands.ended().accept(this);
        }
    }

    private void trouble(String step, String message) {
        troubles.add(new JobFailure(
                JobFailure.Origin.SERVICE, name, 0, OptionalLong.empty(), step, Optional.empty(), message));
    }

    private void unclean(String reason) {
        unclean = unclean.isEmpty() ? reason : unclean + "; " + reason;
    }

    /** What went wrong before its cleanup, which is no matter of whether it was released. */
    public List<JobFailure> troubles() {
        return List.copyOf(troubles);
    }

    /** What became of it. */
    public CleanupReport.Line line() {
        return new CleanupReport.Line(
                "service",
                name,
                Step.CLEANUP_SERVICES.key(),
                unclean.isEmpty() ? Outcome.RELEASED : Outcome.FAILED,
                unclean,
                Duration.ofNanos(System.nanoTime() - sinceNs));
    }
}
