package dev.sage.api;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ProcessService} as its callers see it, by {@code declaration.as(ProcessEndpoint.class)}: HTTP with JSON bodies
 * to its first port, or only its address for a protocol of its own. A request takes at most the service's call timeout,
 * waiting for its turn and the answer together being at most twice that; it blocks the caller's thread.
 */
public interface ProcessEndpoint extends Service {
    /** Of the process that runs now; another after a restart. */
    long pid();

    /** For example {@code http://127.0.0.1:20007}. The same after a restart. */
    URI address();

    List<Integer> ports();

    /** The ids of its GPUs. */
    List<Integer> gpus();

    /** GET; the answer is read from JSON, or given as it is when the type is String. */
    <T> T get(String path, Class<T> type) throws IOException;

    /** POST of a value as JSON; the answer as that of {@link #get}. */
    <T> T post(String path, Object body, Class<T> type) throws IOException;

    /**
     * Any method. A body is sent as it is when it is a String, else as JSON; none when null. An answer of any status is
     * given back.
     *
     * @throws ServiceException with code {@code service.timeout} when no answer came in time
     * @throws IOException when the connection was refused or broke
     */
    Reply request(String method, String path, @Nullable Object body) throws IOException;

    /** An answer; its body as text in UTF-8. */
    record Reply(int status, String body) {}
}
