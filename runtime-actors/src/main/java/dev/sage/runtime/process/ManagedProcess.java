package dev.sage.runtime.process;

import dev.sage.api.ProcessService;
import dev.sage.api.SageException;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A program as a service: {@link #start} spawns it and waits until it is ready, {@link #stop} asks it to end and kills what
 * does not, {@link #cleanup} sees that nothing is left. In between, its death is told to the service's context.
 */
public final class ManagedProcess extends CalledProgram {
    private final Processes processes;
    private final ProcessService description;
    private final ProcessGrant grant;
    private final ProcessLedger ledger;
    private final ProcessOutput output;
    private @Nullable ServiceContext context;
    private @Nullable HealthWatch health;
    private volatile @Nullable LiveProcess live;
    private volatile boolean ending;

    ManagedProcess(
            Processes processes,
            ProcessService description,
            ProcessGrant grant,
            ProcessLedger ledger,
            Duration callTimeout) {
        super(processes, grant.holder(), HttpConnection.LOOPBACK, grant.ports(), grant.gpus(), callTimeout);
        this.processes = processes;
        this.description = description;
        this.grant = grant;
        this.ledger = ledger;
        this.output = processes.output(grant);
    }

    /** For tests. */
    ProcessOutput output() {
        return output;
    }

    @Override
    public void init(ServiceContext serviceContext) {
        context = serviceContext;
    }

    /**
     * Blocks until the program is ready; an interrupt ends the waiting.
     *
     * @throws SageException when it cannot be started, ended before it was ready, or was not ready in time
     */
    @Override
    public void start() throws IOException, InterruptedException {
        ProcessSettings settings = processes.settings();
        ReadinessProbe probe = new ReadinessProbe(
                description.readiness(),
                grant.ports(),
                description.readyWithin().orElse(settings.readyWithin()),
                settings.answerBytes(),
                output);
        LiveProcess spawned = processes.spawn(description, grant, ledger, output);
        live = spawned;
        probe.await(spawned);
        spawned.look();
        CompletionStage<Process> exit = spawned.exit();
        exit.thenAccept(exited -> tellOfExit(spawned));
        description.health().ifPresent(check -> {
            HealthWatch watch = new HealthWatch(check, grant.ports().get(0), settings.answerBytes());
            health = watch;
            watch.begin(processes.threads(), trouble -> failed(sick(spawned, trouble)));
        });
    }

    /** On another thread, for it waits a moment for the last lines. */
    private void tellOfExit(LiveProcess exited) {
        if (ending) {
            return;
        }
        try {
            processes.threads().submit(() -> {
                failed(exited.exitError("while it was needed"));
                return true;
            });
        } catch (RejectedExecutionException environmentClosed) {
            ending = true;
        }
    }

    private SageException sick(LiveProcess program, SageException trouble) {
        return new SageException(
                trouble.code(), program.described() + " is not well. " + trouble.getMessage() + output.forError());
    }

    private void failed(SageException cause) {
        ServiceContext told = context;
        if (!ending && told != null) {
            told.failed(cause);
        }
    }

    /** TERM, the time to stop, KILL, for all that came from the program. */
    @Override
    public void stop() throws InterruptedException {
        endCalls();
        LiveProcess running = live;
        if (running != null) {
            running.end(description.stopWithin().orElse(processes.settings().stopWithin()));
        }
    }

    /**
     * KILL to what is left, if anything is.
     *
     * @throws SageException when a process or a bound port is left; then the ledger has it still
     */
    @Override
    public void cleanup() throws IOException, InterruptedException {
        endCalls();
        LiveProcess running = live;
        if (running != null) {
            running.release();
        }
    }

    private void endCalls() {
        ending = true;
        HealthWatch watch = health;
        if (watch != null) {
            watch.close();
        }
        closeCalls();
    }

    @Override
    public long pid() {
        LiveProcess running = live;
        if (running == null) {
            throw new ServiceException("service.unavailable", "Service '" + grant.holder() + "' has no process yet.");
        }
        return running.pid();
    }
}
