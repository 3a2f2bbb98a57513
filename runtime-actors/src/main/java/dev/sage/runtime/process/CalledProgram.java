package dev.sage.runtime.process;

import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ServiceException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program as those see it who call it: by its first port, if it has one. */
public abstract class CalledProgram implements ProcessEndpoint {
    private final String service;
    private final String host;
    private final List<Integer> ports;
    private final List<Integer> gpus;
    private final @Nullable HttpCalls calls;

    CalledProgram(
            Processes processes,
            String service,
            String host,
            List<Integer> ports,
            List<Integer> gpus,
            Duration callTimeout) {
        this.service = service;
        this.host = host;
        this.ports = ports;
        this.gpus = gpus;
        this.calls = ports.isEmpty() ? null : processes.calls(service, host, ports.get(0), callTimeout);
    }

    final String service() {
        return service;
    }

    /** Looks that it can be called from here, if it can be called at all. */
    final void reach() throws IOException {
        if (calls != null) {
            calls.reach();
        }
    }

    /** Ends those that are under way, and refuses others. */
    final void closeCalls() {
        if (calls != null) {
            calls.close();
        }
    }

    @Override
    public final URI address() {
        if (ports.isEmpty()) {
            throw withoutPort();
        }
        return URI.create("http://" + host + ":" + ports.get(0));
    }

    @Override
    public final List<Integer> ports() {
        return ports;
    }

    @Override
    public final List<Integer> gpus() {
        return gpus;
    }

    @Override
    public final <T> T get(String path, Class<T> type) throws IOException {
        return calls().call("GET", path, null, type);
    }

    @Override
    public final <T> T post(String path, Object body, Class<T> type) throws IOException {
        return calls().call("POST", path, body, type);
    }

    @Override
    public final Reply request(String method, String path, @Nullable Object body) throws IOException {
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
