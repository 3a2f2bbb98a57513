package dev.sage.api;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ProcessService} as its callers see it, by {@code declaration.as(ProcessEndpoint.class)}: HTTP with JSON bodies
 * to its first port, or only its address for a protocol of its own. A request takes at most the service's call timeout,
 * waiting for its turn and the answer together being at most twice that; it blocks the caller's thread. As with every
 * service, calls before the start, after the stop and during a restart are told by the codes of {@link ServiceException}.
 * May be used from any thread; as many at once as the declaration says.
 */
public interface ProcessEndpoint extends Service {
    /** Of the process that runs now; another after a restart. */
    long pid();

    /**
     * For example {@code http://127.0.0.1:20007}. The same after a restart.
     *
     * @throws ServiceException with code {@code service.method} when it has no port, as do the calls below
     */
    URI address();

    /** In the order of {@code {ports}}. The same after a restart. */
    List<Integer> ports();

    /** The ids of its GPUs, as in {@code CUDA_VISIBLE_DEVICES}. The same after a restart. */
    List<Integer> gpus();

    /**
     * GET; the answer is read from JSON, or given as it is when the type is String.
     *
     * @throws IOException as {@link #request}, and with an excerpt when the status is not from 200 to 299 or the answer
     *     is no such JSON
     */
    <T> T get(String path, Class<T> type) throws IOException;

    /** POST; the body as that of {@link #request}, the answer as that of {@link #get}. */
    <T> T post(String path, Object body, Class<T> type) throws IOException;

    /**
     * Any method, PATCH included. A body is sent as it is when it is a String, else as JSON; none when null. An answer of
     * any status is given back; redirects are not followed. Nothing is ever sent twice. An interrupt ends the call.
     *
     * @param path with its query; begins with a slash and is encoded as in URLs
     * @throws ServiceException with code {@code service.timeout} when the answer was not there, to its last byte, in time
     * @throws IOException when the connection was refused or broke, or the answer is longer than {@code
     *     sage.process.answer-bytes}
     */
    Reply request(String method, String path, @Nullable Object body) throws IOException;

    /** An answer; its body as text in UTF-8. */
    record Reply(int status, String body) {}
}
