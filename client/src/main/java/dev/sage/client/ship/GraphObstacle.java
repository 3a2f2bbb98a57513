package dev.sage.client.ship;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.graph.Input;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.graph.Vertex;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds out which part of a graph could not be written, for its author, who knows operators and fields. */
final class GraphObstacle {
    private final Writing writing;
    private final Predicate<Object> stays;

    /** Tries to write one part. */
    @FunctionalInterface
    interface Writing {
        byte[] write(Object part) throws IOException;
    }

    GraphObstacle(Writing writing, Predicate<Object> stays) {
        this.writing = writing;
        this.stays = stays;
    }

    /** @param failure of writing the whole graph */
    InvalidGraphException in(JobGraph graph, Throwable failure) {
        for (Vertex vertex : graph.vertices()) {
            Optional<String> found = among(parts(vertex));
            if (found.isPresent()) {
                return refused("Operator '" + vertex.name() + "'", found.get(), failure);
            }
        }
        for (ServiceSpec service : graph.services()) {
            Optional<String> found = among(components((Record) service.body()));
            if (found.isPresent()) {
                return refused("Service '" + service.name() + "'", found.get(), failure);
            }
        }
        return refused("Job '" + graph.name() + "'", "writing it fails with " + failure, failure);
    }

    private static InvalidGraphException refused(String whose, String why, Throwable cause) {
        InvalidGraphException refused = new InvalidGraphException(whose + " cannot be shipped: " + why + ".");
        refused.addSuppressed(cause);
        return refused;
    }

    private static Map<String, Object> parts(Vertex vertex) {
        Map<String, Object> parts = new LinkedHashMap<>();
        for (Input input : vertex.inputs()) {
            parts.putAll(components((Record) input.partitioning()));
        }
        if (vertex.operator() instanceof Operator.CollectionSource source) {
            List<?> elements = source.elements();
            for (int i = 0; i < elements.size(); i++) {
                parts.put("element " + i, elements.get(i));
            }
        } else if (!(vertex.operator() instanceof Operator.Collect)) {
            parts.putAll(components((Record) vertex.operator()));
        }
        parts.put("error policy", vertex.onError());
        return parts;
    }

    private static Map<String, Object> components(Record graphRecord) {
        Map<String, Object> components = new LinkedHashMap<>();
        RecordComponent[] declared = graphRecord.getClass().getRecordComponents();
        Object[] values = Forms.components(graphRecord);
        for (int i = 0; i < declared.length; i++) {
            components.put(declared[i].getName(), values[i]);
        }
        return components;
    }

    private Optional<String> among(Map<String, Object> parts) {
        List<String> failing = new ArrayList<>();
        for (Map.Entry<String, Object> part : parts.entrySet()) {
            Optional<SerializationObstacle> obstacle =
                    SerializationObstacle.find(part.getValue(), part.getKey(), stays);
            if (obstacle.isPresent()) {
                return obstacle.map(SerializationObstacle::describe);
            }
            fails(part.getKey(), part.getValue()).ifPresent(failing::add);
        }
        return failing.stream().findFirst();
    }

    /** What can only be seen by trying: a class that writes itself, or a nesting too deep. */
    private Optional<String> fails(String name, Object part) {
        try {
            writing.write(part);
            return Optional.empty();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return Optional.of("its " + name + " of " + part.getClass() + " fails with " + e);
        }
    }
}
