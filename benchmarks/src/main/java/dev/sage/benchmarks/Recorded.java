package dev.sage.benchmarks;

import dev.sage.api.GraphEnvironment;
import dev.sage.api.JobHandle;
import dev.sage.api.KeptService;
import dev.sage.api.Resources;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Declares a graph that others submit. */
final class Recorded extends GraphEnvironment {
    private final CompletableFuture<JobGraph> graph = new CompletableFuture<>();

    private Recorded() {
        super("one-record");
    }

    static JobGraph of(Consumer<GraphEnvironment> declaration) {
        Recorded environment = new Recorded();
        declaration.accept(environment);
        try {
            environment.submit(SubmitOptions.autostop());
        } catch (UnsupportedOperationException recorded) {
            return environment.graph.join();
        }
        throw new IllegalStateException("The graph was not recorded.");
    }

    @Override
    protected JobHandle submit(JobGraph declared, SubmitOptions options) {
        graph.complete(declared);
        throw new UnsupportedOperationException("Recorded only.");
    }

    @Override
    protected ServiceCaller startShared(ServiceSpec service) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected String explain(JobGraph declared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<KeptService> keptServices() {
        return List.of();
    }

    @Override
    public Resources resources() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}
}
