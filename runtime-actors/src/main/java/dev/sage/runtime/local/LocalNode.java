package dev.sage.runtime.local;

import dev.sage.api.SageException;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.dataplane.TaskletExecutor;
import dev.sage.runtime.job.JobManager;
import dev.sage.runtime.job.KeptRegistry;
import dev.sage.runtime.node.DataPlane;
import dev.sage.runtime.node.NodeAgent;
import dev.sage.runtime.node.NodeSeam;
import dev.sage.runtime.node.Outside;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of one: its actor system, its data plane, and its end. {@link #close} and the end of the JVM run the same
 * coordinated shutdown: stop intake, end the jobs, end the threads of the data plane, end the actor system.
 */
final class LocalNode {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration THREADS_TIMEOUT = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);

    private final SageSettings settings;
    private final DataPlane dataPlane;
    private final Outside outside;
    private final KeptRegistry kept;
    private final ActorSystem<NodeAgent.Command> system;
    private final ActorRef<JobManager.Command> manager;
    private final CompletableFuture<Done> lost;

    private LocalNode(
            SageSettings settings,
            DataPlane dataPlane,
            Outside outside,
            KeptRegistry kept,
            ActorSystem<NodeAgent.Command> system,
            ActorRef<JobManager.Command> manager,
            CompletableFuture<Done> lost) {
        this.settings = settings;
        this.dataPlane = dataPlane;
        this.outside = outside;
        this.kept = kept;
        this.system = system;
        this.manager = manager;
        this.lost = lost;
    }

    /** @param endReason why its jobs are cancelled when it ends */
    static LocalNode start(String name, SageSettings settings, NodeSeam seam, String endReason) {
        BlockingThreads threads = BlockingThreads.create(name);
        DataPlane dataPlane = new DataPlane(TaskletExecutor.create(name, settings.dataPlane()), threads);
        Outside outside = LocalOutside.start(settings, threads);
        KeptRegistry kept = new KeptRegistry();
        CompletableFuture<ActorRef<JobManager.Command>> manager = new CompletableFuture<>();
        CompletableFuture<Done> lost = new CompletableFuture<>();
        ActorSystem<NodeAgent.Command> system = ActorSystem.create(
                NodeAgent.create(settings, dataPlane, outside, kept, seam, manager, lost),
                "sage-" + name.replaceAll("[^A-Za-z0-9_-]", "_"),
                settings.config());
        LocalNode node = new LocalNode(
                settings,
                dataPlane,
                outside,
                kept,
                system,
                await(manager, START_TIMEOUT, "the JobManager to start"),
                lost);
        node.hangIntoShutdown(endReason);
        seam.started(system);
        return node;
    }

    private void hangIntoShutdown(String endReason) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask("sage-stop-intake", "stop-intake", () -> asked(JobManager.StopIntake::new));
        shutdown.addTask("sage-end-jobs", "end-jobs", () -> asked(reply -> new JobManager.EndAll(endReason, reply)));
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "end-data-plane", () -> {
            dataPlane.executor().close();
            // It blocks, and the output of processes is read by these threads to its end.
            return dataPlane
                    .threads()
                    .submit(() -> {
                        outside.close();
                        return Done.getInstance();
                    })
                    .result()
                    .whenComplete((done, failed) -> dataPlane.threads().close());
        });
    }

    private CompletionStage<Done> asked(Function<CompletableFuture<Done>, JobManager.Command> command) {
        return ask(command).thenApply(answer -> Done.getInstance());
    }

    /** The JobManager's answer; empty should it be lost. */
    <T> CompletableFuture<Optional<T>> ask(Function<CompletableFuture<T>, JobManager.Command> command) {
        CompletableFuture<T> reply = new CompletableFuture<>();
        manager.tell(command.apply(reply));
        return CompletableFuture.anyOf(reply, lost)
                .thenApply(first -> reply.isDone() ? Optional.of(reply.join()) : Optional.empty());
    }

    /** Completed should the JobManager die, when everything that it owned is gone. */
    CompletionStage<Done> lost() {
        return lost;
    }

    boolean isLost() {
        return lost.isDone();
    }

    ActorSystem<?> system() {
        return system;
    }

    SageSettings settings() {
        return settings;
    }

    DataPlane dataPlane() {
        return dataPlane;
    }

    Outside outside() {
        return outside;
    }

    KeptRegistry kept() {
        return kept;
    }

    /** Runs a tick, which must not block, until the answer is run. */
    Runnable everyProgressInterval(Runnable tick) {
        Duration interval = settings.progressInterval();
        Cancellable ticking =
                system.scheduler().scheduleWithFixedDelay(interval, interval, tick, system.executionContext());
        return ticking::cancel;
    }

    void tell(JobManager.Command command) {
        manager.tell(command);
    }

    /** The shutdown that runs, or begins now, has less patience. Does not wait. */
    void hurry() {
        manager.tell(new JobManager.HurryAll("its end was hurried"));
    }

    /** When nothing of it is left. */
    CompletionStage<Done> terminated() {
        return system.getWhenTerminated();
    }

    /** Runs the coordinated shutdown, or joins the one that runs; blocks until the actor system is gone. */
    void close() {
        CompletableFuture<Done> closed =
                CoordinatedShutdown.get(system).runAll(Closed.INSTANCE).toCompletableFuture();
        // The jobs' own phases are bounded by close-timeout; this adds what Pekko's phases may take.
        await(closed, settings.closeTimeout().plus(START_TIMEOUT), "the environment to close");
        awaitThreads();
    }

    /** All threads end with the data plane, but for one that user code holds: that one was named when it was left behind. */
    private void awaitThreads() {
        try {
            if (!dataPlane.executor().awaitEnd(THREADS_TIMEOUT)
                    || !dataPlane.threads().awaitEnd(THREADS_TIMEOUT)) {
                LOG.warn("User code still holds threads of environment {} after its close", system.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T await(Future<T> future, Duration timeout, String what) {
        boolean interrupted = false;
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (true) {
                try {
                    return future.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    // Whoever closes wants it clean: the interrupt is passed on when that is done.
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            throw new SageException("environment.timeout", "Waited " + timeout + " for " + what + ".", e);
        } catch (ExecutionException e) {
            throw new SageException(
                    "environment.failed", "Waiting for " + what + " failed: " + e.getCause(), e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private enum Closed implements CoordinatedShutdown.Reason {
        INSTANCE;

        @Override
        public String toString() {
            return "the environment was closed";
        }
    }
}
