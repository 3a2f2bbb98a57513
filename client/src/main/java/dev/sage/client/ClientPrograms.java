package dev.sage.client;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobHandle;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.SageException;
import dev.sage.api.ServiceDeclaration;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.LocalRuntimeProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Starts the programs that jobs at a node want beside their client. They are jobs of the local runtime, which is found when
 * the first of them is wanted, so that they have all that it has for programs: a ledger, a guardian, readiness and output.
 */
final class ClientPrograms implements AutoCloseable {
    /** These programs end when their jobs have, also when the JVM is being ended; the environment of the jobs sees to it. */
    private static final Map<String, ?> SETTINGS = Map.of("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", "off");

    private final String environment;
    private final RemoteOptions options;
    private @Nullable LocalRuntimeProvider runtime;
    private @Nullable LocalEnvironment local;
    private boolean closed;

    ClientPrograms(String environment, RemoteOptions options) {
        this.environment = environment;
        this.options = options;
    }

    /** The services of a graph that are to run here. */
    static List<ServiceSpec> in(JobGraph graph) {
        return graph.services().stream().filter(ClientPrograms::isHere).toList();
    }

    private static boolean isHere(ServiceSpec service) {
        return service.body() instanceof ServiceBody.OfProcess process && process.atClient();
    }

    /**
     * Refuses what they cannot be to a job at a node.
     *
     * @throws InvalidGraphException naming the service
     */
    static void check(JobGraph graph, SubmitOptions submitOptions) {
        List<String> here = in(graph).stream().map(ServiceSpec::name).toList();
        if (!here.isEmpty() && submitOptions.isDetached()) {
            throw new InvalidGraphException("The job is detached, and its services " + here + " run at the client, with"
                    + " which they end. Declare them with service(…), or submit it without detached().");
        }
        for (ServiceSpec service : in(graph)) {
            if (submitOptions.keptServices().contains(service.name())) {
                throw new InvalidGraphException("keepServices names '" + service.name()
                        + "', which runs at the client and ends with the job. Start it beside this program yourself, or"
                        + " declare it with service(…).");
            }
            service.dependsOn().stream()
                    .filter(needed -> !here.contains(needed))
                    .findFirst()
                    .ifPresent(needed -> {
                        throw new InvalidGraphException("Service '" + service.name() + "' at the client depends on '"
                                + needed + "' at the node, where the job starts only when the client's programs run."
                                + " Remove the dependsOn, or turn it round.");
                    });
        }
    }

    /**
     * Starts them, and waits until they are ready.
     *
     * @return null when the graph has none
     * @throws SageException with code {@code runtime.missing} without the local runtime, {@code service.failed} when one
     *     does not start
     */
    @Nullable
    BesideJob start(JobGraph graph) {
        List<ServiceSpec> services = in(graph);
        if (services.isEmpty()) {
            return null;
        }
        return BesideJob.ready(submitted(services), services, options);
    }

    /** Building is for one thread at a time. */
    private synchronized JobHandle submitted(List<ServiceSpec> services) {
        LocalEnvironment env = environment(services.get(0).name());
        for (ServiceSpec service : services) {
            ServiceDeclaration<ProcessEndpoint> declared =
                    env.service(service.name(), ((ServiceBody.OfProcess) service.body()).program());
            declared.restart(service.restart());
            declared.dependsOn(service.dependsOn().toArray(String[]::new));
        }
        return env.submit(SubmitOptions.keepRunning());
    }

    private LocalEnvironment environment(String service) {
        if (closed) {
            throw new SageException(
                    "environment.closed", "Environment '" + environment + "' was closed and starts no more programs.");
        }
        LocalEnvironment made = local;
        if (made == null) {
            LocalRuntimeProvider found = ServiceLoader.load(LocalRuntimeProvider.class).stream()
                    .map(ServiceLoader.Provider::get)
                    // That sends jobs to the node, where this one is just not to run.
                    .filter(provider -> !(provider instanceof SubmitProvider))
                    .max(Comparator.comparingInt(LocalRuntimeProvider::precedence))
                    .orElseThrow(() -> new SageException(
                            "runtime.missing",
                            "Service '" + service + "' is to run at the client, and nothing on the class path starts"
                                    + " programs here. Add the module sage-runtime-actors"
                                    + " (dev.sage:sage-runtime-actors) to the dependencies."));
            made = found.create(environment, SETTINGS);
            runtime = found;
            local = made;
        }
        return made;
    }

    /** What runs is ended at once. */
    synchronized void hurry() {
        if (runtime != null) {
            runtime.hurry();
        }
    }

    /** Ends what still runs; blocks until that is gone. */
    @Override
    public void close() {
        LocalEnvironment made;
        synchronized (this) {
            closed = true;
            made = local;
        }
        if (made != null) {
            made.close();
        }
    }
}
