package dev.sage.node.http;

import com.typesafe.config.Config;
import dev.sage.api.SageException;
import dev.sage.runtime.config.Checked;
import java.time.Duration;

/**
 * The settings under {@code sage.node.http}, checked. {@code reference.conf} tells what each one means.
 *
 * @param host to listen on
 * @param port to listen on; 0 for any that is free
 */
public record HttpSettings(
        String host,
        int port,
        long jsonBytes,
        long artifactBytes,
        long callBytes,
        int headers,
        int headerBytes,
        int uriBytes,
        int requestsPerSecond,
        int requestBurst,
        int connections,
        int streams,
        int streamBuffer,
        Duration slowReaderWithin,
        Duration keepAlive,
        Duration idleTimeout,
        Duration headWithin,
        Duration bodyWithin,
        Duration uploadWithin,
        Duration answerWithin,
        Duration longAnswerWithin) {
    private static final String PREFIX = "sage.node.http";
    private static final long GIBIBYTE = 1L << 30;

    /**
     * Reads the settings.
     *
     * @param config all of them, from the root
     * @throws SageException with code {@code config.invalid}, naming the key, the value and the bound
     */
    public static HttpSettings of(Config config, String host, int port) {
        Checked checked = new Checked(config, PREFIX);
        HttpSettings settings = new HttpSettings(
                host,
                port,
                checked.number("json-bytes", 1 << 10, GIBIBYTE),
                checked.number("artifact-bytes", 1 << 10, 64 * GIBIBYTE),
                checked.number("call-bytes", 1 << 10, GIBIBYTE),
                checked.integer("headers", 16, 1_000),
                checked.integer("header-bytes", 512, 1 << 20),
                checked.integer("uri-bytes", 512, 1 << 20),
                checked.integer("requests-per-second", 1, 1_000_000),
                checked.integer("request-burst", 1, 1_000_000),
                checked.integer("connections", 1, 100_000),
                checked.integer("streams", 1, 100_000),
                checked.integer("stream-buffer", 1, 100_000),
                checked.duration("slow-reader-within"),
                checked.duration("keep-alive"),
                checked.duration("idle-timeout"),
                checked.duration("head-within"),
                checked.duration("body-within"),
                checked.duration("upload-within"),
                checked.duration("answer-within"),
                checked.duration("long-answer-within"));
        if (settings.keepAlive.multipliedBy(2).compareTo(settings.idleTimeout) > 0) {
            throw Checked.invalid(PREFIX + ".keep-alive is " + settings.keepAlive + " and exceeds half of " + PREFIX
                    + ".idle-timeout, which is " + settings.idleTimeout
                    + ", so that quiet streams would be cut. Lower the first or raise the second.");
        }
        return settings;
    }
}
