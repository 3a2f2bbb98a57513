package dev.sage.runtime.process;

import dev.sage.api.SageException;
import dev.sage.api.ServiceContext;
import dev.sage.api.graph.ServiceBody;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A program that runs beside the client of a job, as a service of that job here. The client starts, follows and ends it;
 * here it is only called, and {@link #failed} tells of its death.
 */
public final class ClientProcess extends CalledProgram {
    private final long pid;
    private @Nullable ServiceContext context;

    ClientProcess(Processes processes, String service, ServiceBody.BesideClient where, Duration callTimeout) {
        super(processes, service, where.host(), where.ports(), where.gpus(), callTimeout);
        this.pid = where.pid();
    }

    @Override
    public void init(ServiceContext serviceContext) {
        context = serviceContext;
    }

    /**
     * Looks that it can be called from here.
     *
     * @throws SageException of code {@code process.unreachable}
     */
    @Override
    public void start() {
        try {
            reach();
        } catch (IOException e) {
            throw new SageException(
                    "process.unreachable",
                    "Service '" + service() + "' runs at the client, at " + address()
                            + ", and cannot be reached there from"
                            + " this node: " + e.getMessage() + ". Maybe it listens on loopback only, a firewall is"
                            + " between, or the client reaches the node by a tunnel. Have it listen on all addresses, or"
                            + " open the tunnel the other way, too.",
                    e);
        }
    }

    @Override
    public void stop() {
        closeCalls();
    }

    /** Called by the client, by name: the program has ended for good. */
    public void failed(String why) {
        ServiceContext told = context;
        if (told != null) {
            told.failed(new SageException("process.exited", why));
        }
    }

    @Override
    public long pid() {
        return pid;
    }
}
