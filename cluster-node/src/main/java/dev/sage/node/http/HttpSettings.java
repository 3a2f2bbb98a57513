package dev.sage.node.http;

import com.typesafe.config.Config;
import dev.sage.api.SageException;
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
        Duration bodyWithin,
        Duration answerWithin,
        Duration longAnswerWithin) {
    private static final String PREFIX = "sage.node.http.";
    private static final long GIBIBYTE = 1L << 30;

    /**
     * Reads the settings.
     *
     * @param config all of them, from the root
     * @throws SageException with code {@code config.invalid}, naming the key, the value and the bound
     */
    public static HttpSettings of(Config config, String host, int port) {
        HttpSettings settings = new HttpSettings(
                host,
                port,
                number(config, "json-bytes", 1 << 10, GIBIBYTE),
                number(config, "artifact-bytes", 1 << 10, 64 * GIBIBYTE),
                number(config, "call-bytes", 1 << 10, GIBIBYTE),
                (int) number(config, "headers", 16, 1_000),
                (int) number(config, "header-bytes", 512, 1 << 20),
                (int) number(config, "uri-bytes", 512, 1 << 20),
                (int) number(config, "requests-per-second", 1, 1_000_000),
                (int) number(config, "request-burst", 1, 1_000_000),
                (int) number(config, "connections", 1, 100_000),
                (int) number(config, "streams", 1, 100_000),
                (int) number(config, "stream-buffer", 1, 100_000),
                duration(config, "slow-reader-within"),
                duration(config, "keep-alive"),
                duration(config, "idle-timeout"),
                duration(config, "body-within"),
                duration(config, "answer-within"),
                duration(config, "long-answer-within"));
        if (settings.keepAlive.multipliedBy(2).compareTo(settings.idleTimeout) > 0) {
            throw invalid(PREFIX + "keep-alive is " + settings.keepAlive + " and exceeds half of " + PREFIX
                    + "idle-timeout, which is " + settings.idleTimeout
                    + ", so that quiet streams would be cut. Lower the"
                    + " first or raise the second.");
        }
        return settings;
    }

    private static long number(Config config, String key, long min, long max) {
        long value = config.getLong(PREFIX + key);
        if (value < min || value > max) {
            throw invalid(PREFIX + key + " is " + value + "; it must be from " + min + " to " + max + ".");
        }
        return value;
    }

    private static Duration duration(Config config, String key) {
        Duration value = config.getDuration(PREFIX + key);
        if (value.isNegative() || value.isZero()) {
            throw invalid(PREFIX + key + " is " + value + "; it must be positive.");
        }
        return value;
    }

    private static SageException invalid(String message) {
        return new SageException("config.invalid", message);
    }
}
