package dev.sage.runtime.plan;

import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Vertex;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds function objects that several parallel instances share and that have fields which can change: such an instance
 * meets the other ones' values, at times.
 */
public final class SharedFunctions {
    private SharedFunctions() {}

    /** A sentence for each operator with such a function. */
    public static List<String> warnings(JobGraph graph) {
        List<String> warnings = new ArrayList<>();
        for (Vertex vertex : graph.vertices()) {
            if (vertex.parallelism() > 1) {
                functions(vertex.operator()).forEach(function -> warn(vertex, function, warnings));
            }
        }
        return warnings;
    }

    private static void warn(Vertex vertex, Object function, List<String> warnings) {
        List<String> fields = mutableFields(function.getClass());
        if (!fields.isEmpty()) {
            warnings.add("The " + vertex.parallelism() + " parallel instances of operator '" + vertex.name()
                    + "' share one " + function.getClass().getTypeName() + ", whose " + String.join(", ", fields)
                    + (fields.size() == 1 ? " is" : " are")
                    + " not final. Give each instance its own with PerInstance.of(…), or make the fields final.");
        }
    }

    /** What the record of an operator holds of the api's function types, all of which are serializable interfaces. */
    private static Stream<Object> functions(Operator operator) {
        return Arrays.stream(operator.getClass().getRecordComponents()).flatMap(component -> {
            Class<?> type = component.getType();
            if (Operator.class.isAssignableFrom(type)) {
                return functions((Operator) value(component, operator));
            }
            boolean function = type.isInterface() && Serializable.class.isAssignableFrom(type);
            return function ? Stream.of(value(component, operator)) : Stream.empty();
        });
    }

    private static Object value(RecordComponent component, Operator operator) {
        try {
            return component.getAccessor().invoke(operator);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> mutableFields(Class<?> function) {
        List<String> fields = new ArrayList<>();
        for (Class<?> type = function; type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (!Modifier.isFinal(modifiers) && !Modifier.isStatic(modifiers)) {
                    fields.add("field '" + field.getName() + "'");
                }
            }
        }
        return fields;
    }
}
