package dev.sage.node.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.RequestEntityAcceptances;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the HTTP API needs that is no matter of actors, and takes its time: made on another thread while they start. */
public final class HttpParts implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpParts.class);
    private static final HttpMethod QUERY = HttpMethods.custom("QUERY", true, true, RequestEntityAcceptances.Expected);

    final HttpSettings settings;
    final ServerSettings server;
    final Streams streams;
    final HttpMetrics metrics;

    private HttpParts(HttpSettings settings, ServerSettings server, Streams streams, HttpMetrics metrics) {
        this.settings = settings;
        this.server = server;
        this.streams = streams;
        this.metrics = metrics;
    }

    /**
     * Makes them.
     *
     * @param config with Pekko's settings
     */
    public static HttpParts make(HttpSettings settings, Config config) {
        readCertificates();
        Streams streams = new Streams(settings);
        return new HttpParts(settings, pekko(settings, config), streams, new HttpMetrics(streams::open));
    }

    /** Every server of Pekko asks for the JDK's TLS, without TLS as well; then it is there. */
    private static void readCertificates() {
        try {
            SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            log.debug("The server will tell it", e);
        }
    }

    private static ServerSettings pekko(HttpSettings settings, Config config) {
        String server = "pekko.http.server.";
        ServerSettings made = ServerSettings.create(ConfigFactory.parseMap(Map.ofEntries(
                        Map.entry(server + "server-header", ""),
                        Map.entry(server + "remote-address-attribute", true),
                        Map.entry(server + "max-connections", settings.connections()),
                        Map.entry(server + "backlog", Math.max(100, settings.connections())),
                        Map.entry(
                                server + "idle-timeout", settings.idleTimeout().toMillis() + "ms"),
                        Map.entry(
                                server + "request-timeout",
                                settings.answerWithin().toMillis() + "ms"),
                        Map.entry(server + "socket-options.tcp-no-delay", true),
                        Map.entry(server + "parsing.max-content-length", "infinite"),
                        Map.entry(server + "parsing.max-uri-length", settings.uriBytes()),
                        Map.entry(server + "parsing.max-header-count", settings.headers()),
                        Map.entry(server + "parsing.max-header-value-length", settings.headerBytes()),
                        Map.entry(server + "parsing.illegal-header-warnings", false),
                        Map.entry(server + "parsing.error-handler", PekkoErrors.class.getName())))
                .withFallback(config));
        // Of those that Pekko does not know, the one with a standard: it is refused like the others.
        return made.withParserSettings(made.getParserSettings().withCustomMethods(QUERY))
                .withTerminationDeadlineExceededResponse(Problems.answer(
                        Refusal.STOPPING.problem("The node is ending.", "Ask again when it was started anew."),
                        List.of()));
    }

    /** Of use only where no API was made of them, or it could not be bound. */
    @Override
    public void close() {
        metrics.close();
    }
}
