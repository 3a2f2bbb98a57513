package dev.sage.node.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sage.node.NodeApi;
import dev.sage.node.job.Jobs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.RequestEntityAcceptances;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Materializer;

/** The HTTP API of a node, before it answers. */
public final class HttpApi {
    private static final HttpMethod QUERY = HttpMethods.custom("QUERY", true, true, RequestEntityAcceptances.Expected);

    private final HttpSettings settings;
    private final Http http;
    private final ServerSettings serverSettings;
    private final List<Route> routes;
    private final Streams streams;
    private final OpenRoutes open;
    private final HttpMetrics metrics;
    private final Server server;

    /**
     * Makes all that is needed to answer, which may be done while the node still reads its journal.
     *
     * @param artifacts are called on threads that may block
     */
    public HttpApi(
            ActorSystem<?> system, Jobs jobs, NodeApi node, Artifacts artifacts, Tokens tokens, HttpSettings settings) {
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        Materializer materializer = Materializer.createMaterializer(system);
        Files files = new Files(blocking);
        this.settings = settings;
        http = Http.get(system);
        serverSettings = pekko(settings, system.settings().config());
        streams = new Streams(settings);
        metrics = new HttpMetrics(streams::open);
        open = new OpenRoutes(node, metrics);
        routes = Stream.of(
                        open.routes(),
                        new JobRoutes(jobs).routes(),
                        new StreamRoutes(jobs, streams, files).routes(),
                        new DataRoutes(jobs, artifacts, files, settings, materializer).routes(),
                        new NodeRoutes(node).routes(),
                        new SchedulerRoutes(jobs).routes())
                .flatMap(List::stream)
                .toList();
        server = new Server(
                new Router(routes), new Gate(tokens, settings, System::nanoTime), settings, metrics, materializer);
    }

    /** Begins to answer. Fails when the address cannot be had; this is of no use then. */
    public CompletionStage<HttpBinding> bind() {
        return http.newServerAt(settings.host(), settings.port())
                .withSettings(serverSettings)
                .bindFlow(server.connection())
                .<HttpBinding>thenApply(
                        binding -> new Bound(binding, routes, streams, server.connections(), open, metrics))
                .whenComplete((bound, failure) -> {
                    if (failure != null) {
                        metrics.close();
                    }
                });
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

    /** With its routes, for those who compare them with the description. */
    record Bound(
            ServerBinding binding,
            List<Route> routes,
            Streams streams,
            Connections connections,
            OpenRoutes open,
            HttpMetrics metrics)
            implements HttpBinding {
        @Override
        public String host() {
            return binding.localAddress().getHostString();
        }

        @Override
        public int port() {
            return binding.localAddress().getPort();
        }

        @Override
        public CompletionStage<Void> terminate(Duration deadline) {
            Duration step = deadline.dividedBy(3);
            open.stopping();
            return binding.unbind()
                    .thenCompose(unbound -> streams.finishAll(step))
                    .thenCompose(told -> connections
                            .endAll()
                            .completeOnTimeout(Done.getInstance(), step.toMillis(), TimeUnit.MILLISECONDS))
                    .thenCompose(ended -> binding.terminate(step))
                    .thenAccept(done -> metrics.close());
        }
    }
}
