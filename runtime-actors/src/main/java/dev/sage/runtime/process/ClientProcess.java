package dev.sage.runtime.process;

import dev.sage.api.ProcessEndpoint;
import dev.sage.api.SageException;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceException;
import dev.sage.api.graph.ServiceBody;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program that runs beside the client of a job, as a service of that job here. The client starts, follows and ends it;
 * here it is only called, and {@link #failed} tells of its death.
 */
public final class ClientProcess implements ProcessEndpoint {
    private final String service;
    private final ServiceBody.BesideClient where;
    private final @Nullable HttpCalls calls;
    private @Nullable ServiceContext context;

    ClientProcess(Processes processes, String service, ServiceBody.BesideClient where, Duration callTimeout) {
        this.service = service;
        this.where = where;
        this.calls = where.ports().isEmpty()
                ? null
                : processes.calls(service, where.host(), where.ports().get(0), callTimeout);
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
        if (calls == null) {
            return;
        }
        try {
            calls.reach();
        } catch (IOException e) {
            throw new SageException(
                    "process.unreachable",
                    "Service '" + service + "' runs at the client, at " + address()
                            + ", and cannot be reached there from"
                            + " this node: " + e.getMessage() + ". Maybe it listens on loopback only, a firewall is"
                            + " between, or the client reaches the node by a tunnel. Have it listen on all addresses, or"
                            + " open the tunnel the other way, too.",
                    e);
        }
    }

    @Override
    public void stop() {
        if (calls != null) {
            calls.close();
        }
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
        return where.pid();
    }

    @Override
    public URI address() {
        if (where.ports().isEmpty()) {
            throw withoutPort();
        }
        return URI.create("http://" + where.host() + ":" + where.ports().get(0));
    }

    @Override
    public List<Integer> ports() {
        return where.ports();
    }

    @Override
    public List<Integer> gpus() {
        return where.gpus();
    }

    @Override
    public <T> T get(String path, Class<T> type) throws IOException {
        return calls().call("GET", path, null, type);
    }

    @Override
    public <T> T post(String path, Object body, Class<T> type) throws IOException {
        return calls().call("POST", path, body, type);
    }

    @Override
    public Reply request(String method, String path, @Nullable Object body) throws IOException {
        return calls().request(method, path, body);
    }

    private HttpCalls calls() {
        if (calls == null) {
            throw withoutPort();
        }
        return calls;
    }

    private ServiceException withoutPort() {
        return new ServiceException(
                "service.method",
                "Service '" + service
                        + "' has no port to be called by. Name {port} in its command, or give it ports(1).");
    }
}
