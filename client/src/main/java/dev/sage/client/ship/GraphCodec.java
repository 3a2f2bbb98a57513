package dev.sage.client.ship;

import dev.sage.api.Environment;
import dev.sage.api.InvalidGraphException;
import dev.sage.api.LinkedServices;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.graph.Vertex;
import dev.sage.api.spi.ServiceCaller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A job's graph as bytes, with the functions and objects of its user. */
public final class GraphCodec {
    private GraphCodec() {}

    /** Where a shared service is that a function of a graph holds. */
    @FunctionalInterface
    public interface SharedHomes {
        /**
         * The key by which its job was or will be submitted, whose only service it is.
         *
         * @throws InvalidGraphException when the graph's job cannot call it there
         */
        String homeOf(String service, Environment sharedBy);
    }

    /** The way to a shared service where it is. */
    @FunctionalInterface
    public interface SharedCallers {
        /**
         * Need not be there yet.
         *
         * @param home the key by which its job was submitted
         */
        ServiceCaller caller(String home, String service);
    }

    /** As {@link #encode(JobGraph, SharedHomes)}, of a graph whose functions hold no shared services. */
    public static byte[] encode(JobGraph graph) {
        return encode(graph, (service, sharedBy) -> {
            throw new InvalidGraphException("service '" + service + "', which environment '" + sharedBy.name()
                    + "' shares with its own jobs only");
        });
    }

    /**
     * Writes a graph. What {@code collect()} does with its records stays here: the node puts something else in its place.
     *
     * @throws InvalidGraphException when something cannot be sent, naming the operator, the field and the class
     */
    public static byte[] encode(JobGraph graph, SharedHomes homes) {
        List<String> known = graph.services().stream().map(ServiceSpec::name).toList();
        UnaryOperator<Object> links = value -> LinkedServices.in(value)
                .<Object>map(held -> new Forms.Held(held.link(), home(held, known, homes)))
                .orElse(value);
        return encode(graph, links, value -> links.apply(value) != value);
    }

    private static @Nullable String home(LinkedServices.Held held, List<String> services, SharedHomes homes) {
        String name = held.link().name();
        if (held.sharedBy().isPresent()) {
            return homes.homeOf(name, held.sharedBy().get());
        }
        if (!services.contains(name)) {
            throw new InvalidGraphException("service '" + name
                    + "', which was declared for another job. The services of this one are " + services);
        }
        return null;
    }

    /**
     * Reads a graph. Services that its functions hold are those of the job, once {@code ServiceSpec.bind} was told how to
     * call them; its {@code Collect} operators do nothing. Code of the user runs, such as {@code readObject}.
     *
     * @param loader of the user's classes
     * @param shared is asked for each shared service that a function holds
     * @throws ClassNotFoundException naming a class that the loader does not know
     * @throws IOException when these are not the bytes of a graph
     */
    public static JobGraph decode(byte[] bytes, ClassLoader loader, SharedCallers shared)
            throws IOException, ClassNotFoundException {
        LinkedServices services = new LinkedServices();
        JobGraph graph =
                decode(bytes, loader, form -> form instanceof Forms.Held held ? object(held, services, shared) : null);
        return new JobGraph(
                graph.name(),
                graph.vertices(),
                graph.services().stream().map(spec -> bound(spec, services)).toList());
    }

    private static Object object(Forms.Held held, LinkedServices ofJob, SharedCallers shared) {
        String home = held.home();
        return home == null
                ? ofJob.held(held.link())
                : LinkedServices.held(
                        held.link(), shared.caller(home, held.link().name()));
    }

    private static ServiceSpec bound(ServiceSpec spec, LinkedServices services) {
        return new ServiceSpec(
                spec.name(),
                spec.body(),
                spec.concurrency(),
                spec.callTimeout(),
                spec.restart(),
                spec.dependsOn(),
                services.binding(spec.name()));
    }

    /**
     * A copy, as if the graph had been sent away and came back; for tests. References and proxies of services, and what
     * {@code collect()} does, stay what they are.
     *
     * @param stays other objects that do
     * @throws InvalidGraphException as {@link #encode}
     */
    public static JobGraph copy(JobGraph graph, Predicate<Object> stays) {
        List<Object> staying = new ArrayList<>();
        Predicate<Object> left =
                value -> stays.test(value) || LinkedServices.in(value).isPresent();
        byte[] bytes = encode(graph, value -> left.test(value) ? place(value, staying) : value, left);
        JobGraph copy;
        try {
            copy = decode(
                    bytes, copiedBy(), form -> form instanceof Forms.Place place ? staying.get(place.index()) : null);
        } catch (IOException | ClassNotFoundException e) {
            throw new InvalidGraphException(
                    "Job '" + graph.name() + "' cannot be shipped: it can be written, but not read again: " + e + ".");
        }
        List<Vertex> vertices = new ArrayList<>(copy.vertices());
        vertices.replaceAll(vertex -> {
            Operator original = graph.vertices().get(vertex.id()).operator();
            return original instanceof Operator.Collect ? with(vertex, original) : vertex;
        });
        List<ServiceSpec> services = new ArrayList<>();
        for (ServiceSpec spec : copy.services()) {
            services.add(new ServiceSpec(
                    spec.name(),
                    spec.body(),
                    spec.concurrency(),
                    spec.callTimeout(),
                    spec.restart(),
                    spec.dependsOn(),
                    graph.services().get(services.size()).bind()));
        }
        return new JobGraph(copy.name(), vertices, services);
    }

    /** Tests know the classes of their functions. */
    private static ClassLoader copiedBy() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? GraphCodec.class.getClassLoader() : context;
    }

    private static Forms.Place place(Object value, List<Object> staying) {
        staying.add(value);
        return new Forms.Place(staying.size() - 1);
    }

    /** The same vertex with another operator. */
    public static Vertex with(Vertex vertex, Operator operator) {
        return new Vertex(
                vertex.id(), vertex.name(), vertex.parallelism(), operator, vertex.inputs(), vertex.onError());
    }

    private static byte[] encode(JobGraph graph, UnaryOperator<Object> outside, Predicate<Object> stays) {
        try {
            return written(graph, outside);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new GraphObstacle(value -> written(value, outside), stays).in(graph, e);
        }
    }

    static byte[] written(Object value, UnaryOperator<Object> outside) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ShipOutput out = new ShipOutput(bytes, outside)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    private static JobGraph decode(byte[] bytes, ClassLoader loader, Function<Forms.Form, @Nullable Object> outside)
            throws IOException, ClassNotFoundException {
        try (ShipInput in = new ShipInput(new ByteArrayInputStream(bytes), loader, outside, bytes.length)) {
            if (in.next() instanceof JobGraph graph) {
                return graph;
            }
            throw new InvalidObjectException("The bytes are not those of a job's graph.");
        }
    }
}
