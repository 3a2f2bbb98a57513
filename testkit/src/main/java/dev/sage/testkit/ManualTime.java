package dev.sage.testkit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * The time of an environment's actors, which passes only when the test says so: deadlines, start-up, the phases of a
 * job's shutdown. Parameter of a {@link SageTest} with {@code manualTime = true}; time-outs of minutes are then tested in
 * milliseconds, and none strikes because the machine is slow.
 *
 * <p>A timer must have been started before its time passes, so first wait for what starts it: a state of the job, or a
 * gate that code has come to. Sources that wait, call time-outs of services and the threads of the data plane go by the
 * real time. When the test has ended, time goes by itself again, so that the environment can be closed.
 */
public final class ManualTime {
    static final String SCHEDULER_KEY = "pekko.scheduler.implementation";
    static final String SCHEDULER = ManualScheduler.class.getName();

    private static final Duration TICK = Duration.ofMillis(10);

    private org.apache.pekko.actor.testkit.typed.javadsl.@Nullable ManualTime scheduler;

    ManualTime() {}

    void started(ActorSystem<?> system) {
        scheduler = org.apache.pekko.actor.testkit.typed.javadsl.ManualTime.get(system);
    }

    /**
     * Lets so much time pass, and with it strike every timer that falls due, in order. Returns when all have struck, which
     * may be before their consequences.
     */
    public void pass(Duration time) {
        if (scheduler == null) {
            throw new IllegalStateException(
                    "Manual time has no environment yet. Ask for a LocalEnvironment before time is to pass.");
        }
        scheduler.timePasses(time);
    }

    /** Time goes at the pace of the real one until this is done. */
    void passWhile(Runnable work) {
        CompletableFuture<Void> done = CompletableFuture.runAsync(work);
        long passedTo = System.nanoTime();
        while (true) {
            try {
                done.get(TICK.toNanos(), TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException e) {
                long now = System.nanoTime();
                pass(Duration.ofNanos(now - passedTo));
                passedTo = now;
            } catch (ExecutionException e) {
                throw new IllegalStateException("The environment could not be closed: " + e.getCause(), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
