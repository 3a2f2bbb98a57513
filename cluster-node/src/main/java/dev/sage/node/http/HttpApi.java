package dev.sage.node.http;

import dev.sage.node.NodeApi;
import dev.sage.node.job.Jobs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.stream.Materializer;

/** The HTTP API of a node, before it answers. */
public final class HttpApi {
    private final HttpParts parts;
    private final Http http;
    private final List<Route> routes;
    private final OpenRoutes open;
    private final Server server;

    /**
     * Makes all that is needed to answer, which may be done while the node still reads its journal.
     *
     * @param artifacts are called on threads that may block
     */
    public HttpApi(
            ActorSystem<?> system, Jobs jobs, NodeApi node, Artifacts artifacts, Tokens tokens, HttpParts parts) {
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        Materializer materializer = Materializer.createMaterializer(system);
        Files files = new Files(blocking);
        HttpSettings settings = parts.settings;
        this.parts = parts;
        http = Http.get(system);
        open = new OpenRoutes(node, parts.metrics);
        routes = Stream.of(
                        open.routes(),
                        new JobRoutes(jobs).routes(),
                        new StreamRoutes(jobs, parts.streams, files).routes(),
                        new DataRoutes(jobs, artifacts, files, settings, materializer).routes(),
                        new NodeRoutes(node).routes(),
                        new SchedulerRoutes(jobs).routes())
                .flatMap(List::stream)
                .toList();
        server = new Server(
                new Router(routes),
                new Gate(tokens, settings, System::nanoTime),
                settings,
                parts.metrics,
                materializer);
    }

    /** Begins to answer. Fails when the address cannot be had; this is of no use then. */
    public CompletionStage<HttpBinding> bind() {
        return http.newServerAt(parts.settings.host(), parts.settings.port())
                .withSettings(parts.server)
                .bindFlow(server.connection())
                .<HttpBinding>thenApply(
                        binding -> new Bound(binding, routes, parts.streams, server.connections(), open, parts.metrics))
                .whenComplete((bound, failure) -> {
                    if (failure != null) {
                        parts.close();
                    }
                });
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
