package dev.sage.runtime.process;

import dev.sage.api.ProcessService;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.spi.JsonFormat;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.io.IOException;
import java.time.Duration;

/** Makes the processes of one environment. The guardian runs from the first of them until this is closed. */
public final class Processes implements AutoCloseable {
    private final ProcessSettings settings;
    private final Guardian guardian;
    private final BlockingThreads threads;
    private final JsonFormat json;
    private boolean guarded;
    private boolean closed;

    /** Starts nothing yet. The threads must not be closed before this. */
    public Processes(ProcessSettings settings, Guardian guardian, BlockingThreads threads, JsonFormat json) {
        this.settings = settings;
        this.guardian = guardian;
        this.threads = threads;
        this.json = json;
    }

    /**
     * Looks for what every process needs of the system.
     *
     * @throws dev.sage.api.SageException with code {@code process.unsupported} where it is missing
     */
    public static void requireSupported() {
        Platform.setsid();
    }

    /**
     * A program as a service; one object runs it once.
     *
     * @param callTimeout of each request
     */
    public ManagedProcess service(
            ProcessService description, ProcessGrant grant, ProcessLedger ledger, Duration callTimeout) {
        return new ManagedProcess(this, description, grant, ledger, callTimeout);
    }

    /**
     * A program that runs beside a client, as a service of here.
     *
     * @param callTimeout of each request, and for its first port to be reached
     */
    public ClientProcess atClient(String service, ServiceBody.BesideClient where, Duration callTimeout) {
        return new ClientProcess(this, service, where, callTimeout);
    }

    /** A program that is to end by itself; one object runs it once. */
    public CommandRun command(ProcessService description, ProcessGrant grant, ProcessLedger ledger) {
        return new CommandRun(this, description, grant, ledger);
    }

    ProcessSettings settings() {
        return settings;
    }

    BlockingThreads threads() {
        return threads;
    }

    HttpCalls calls(String service, String host, int port, Duration timeout) {
        return new HttpCalls(service, host, port, timeout, settings.answerBytes(), json);
    }

    ProcessOutput output(ProcessGrant grant) {
        return new ProcessOutput(grant.log(), grant.follower(), settings, threads);
    }

    LiveProcess spawn(ProcessService description, ProcessGrant grant, ProcessLedger ledger, ProcessOutput output)
            throws IOException, InterruptedException {
        Program program = new Program(description, grant);
        beGuarded();
        return LiveProcess.spawn(program, grant, settings, guardian, ledger, output);
    }

    private synchronized void beGuarded() throws IOException {
        if (closed) {
            throw new IllegalStateException("The environment is closed: no more processes can be started.");
        }
        if (!guarded) {
            guardian.open();
            guarded = true;
        }
    }

    /** To be called when all processes have been released. Waits until the guardian has ended, if nobody else uses it. */
    @Override
    public synchronized void close() {
        closed = true;
        if (guarded) {
            guarded = false;
            guardian.close();
        }
    }
}
