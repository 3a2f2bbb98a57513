package dev.sage.testkit;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.graph.Input;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Partitioning;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.graph.Vertex;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A graph whose user objects have been serialized and deserialized, as for a job that is sent away. The graph's own
 * records are made anew around them, whatever operators there are: what an operator declares as {@link Serializable} is
 * the user's, and so are the elements of a collection.
 */
final class ShippedGraph {
    private ShippedGraph() {}

    /**
     * The same graph with shipped functions.
     *
     * @throws InvalidGraphException when something cannot be shipped
     */
    static JobGraph of(JobGraph graph) {
        List<Vertex> vertices =
                graph.vertices().stream().map(ShippedGraph::shipped).toList();
        List<ServiceSpec> services = graph.services().stream()
                .map(service -> rebuilt(service, "Service '" + service.name() + "'"))
                .toList();
        return new JobGraph(graph.name(), vertices, services);
    }

    private static Vertex shipped(Vertex vertex) {
        String owner = "Operator '" + vertex.name() + "'";
        List<Input> inputs = vertex.inputs().stream()
                .map(input -> new Input(input.from(), partitioning(input.partitioning(), owner)))
                .toList();
        return new Vertex(
                vertex.id(),
                vertex.name(),
                vertex.parallelism(),
                operator(vertex.operator(), owner),
                inputs,
                vertex.onError());
    }

    private static Partitioning partitioning(Partitioning partitioning, String owner) {
        return rebuilt(partitioning, owner);
    }

    private static Operator operator(Operator operator, String owner) {
        if (operator instanceof Operator.CollectionSource source) {
            return new Operator.CollectionSource(elements(source.elements(), owner));
        }
        return rebuilt(operator, owner);
    }

    private static List<?> elements(List<?> elements, String owner) {
        List<Object> shipped = new ArrayList<>(elements.size());
        for (Object element : elements) {
            shipped.add(ShippedObject.of(element, owner, "element " + shipped.size()));
        }
        return shipped;
    }

    private static <R> R rebuilt(R graphRecord, String owner) {
        RecordComponent[] components = graphRecord.getClass().getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                Object value = components[i].getAccessor().invoke(graphRecord);
                values[i] = part(value, types[i], owner, components[i].getName());
            }
            @SuppressWarnings("unchecked") // The class of an object of type R.
            Constructor<R> constructor = (Constructor<R>) graphRecord.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("The graph's " + graphRecord + " cannot be rebuilt.", e);
        }
    }

    private static Object part(Object value, Class<?> declared, String owner, String name) {
        boolean ofUser = Serializable.class.isAssignableFrom(declared)
                && !declared.isEnum()
                && !declared.getPackageName().startsWith("java.");
        if (ofUser) {
            return ShippedObject.of(value, owner, name);
        }
        if (value instanceof Record && value.getClass().getPackageName().startsWith("dev.sage.api")) {
            return rebuilt(value, owner);
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(inner -> partOf(inner, owner, name));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(inner -> partOf(inner, owner, name)).toList();
        }
        return value;
    }

    /** Of an optional or a list, whose declaration does not say what it holds. */
    private static Object partOf(Object inner, String owner, String name) {
        return inner instanceof Serializable
                ? part(inner, inner.getClass(), owner, name)
                : part(inner, Object.class, owner, name);
    }
}
