package dev.sage.api;

import dev.sage.api.graph.Input;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.Vertex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Records the operators and services of one job, and checks what can be checked before it is planned. */
final class GraphBuilder {
    private final String name;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, DeclaredService<?>> services = new LinkedHashMap<>();
    private boolean closed;

    GraphBuilder(String name) {
        this.name = name;
    }

    <T> DataStream<T> source(String kind, Operator operator) {
        return new Stream<>(this, add(kind, operator, List.of()));
    }

    Step add(String kind, Operator operator, List<Input> inputs) {
        if (closed) {
            throw new InvalidGraphException("A '" + kind
                    + "' was added to a stream of a job that has been submitted. Begin a new stream with env.from….");
        }
        Step step = new Step(steps.size(), kind, operator, inputs);
        steps.add(step);
        return step;
    }

    <S extends Service> ServiceDeclaration<S> service(String service, ServiceBody body) {
        DeclaredService<S> declared = DeclaredService.ofJob(service, body);
        if (services.putIfAbsent(service, declared) != null) {
            throw new InvalidGraphException("Two services are named '" + service + "'. Give one of them another name.");
        }
        return declared;
    }

    /** From here on neither streams nor services of this job can be changed. */
    void close() {
        closed = true;
        services.values().forEach(DeclaredService::close);
    }

    JobGraph graph() {
        checkServices();
        checkLoops();
        checkEnds();
        List<String> names = names();
        checkCommands(names);
        List<Vertex> vertices = new ArrayList<>(steps.size());
        for (Step step : steps) {
            checkParallelism(step, names.get(step.id));
            vertices.add(new Vertex(
                    step.id, names.get(step.id), step.parallelism, step.operator, step.inputs, step.onError));
        }
        return new JobGraph(
                name,
                vertices,
                services.values().stream().map(DeclaredService::spec).toList());
    }

    private void checkServices() {
        for (DeclaredService<?> service : services.values()) {
            for (String needed : service.spec().dependsOn()) {
                if (!services.containsKey(needed)) {
                    throw new InvalidGraphException("Service '" + service.name() + "' depends on '" + needed
                            + "', which is not declared. The services are " + services.keySet() + ".");
                }
            }
        }
        Set<String> ordered = new HashSet<>();
        services.keySet().forEach(service -> checkCycle(service, ordered, new ArrayList<>()));
    }

    private void checkCycle(String service, Set<String> ordered, List<String> path) {
        if (ordered.contains(service)) {
            return;
        }
        if (path.contains(service)) {
            throw new InvalidGraphException("Services depend on each other in a circle: " + String.join(" → ", path)
                    + " → " + service + ". Remove one dependsOn.");
        }
        path.add(service);
        DeclaredService<?> declared = services.get(service);
        if (declared != null) {
            declared.spec().dependsOn().forEach(needed -> checkCycle(needed, ordered, path));
        }
        path.remove(path.size() - 1);
        ordered.add(service);
    }

    /** Both are holders of processes, and have logs of their names. */
    private void checkCommands(List<String> names) {
        for (Step step : steps) {
            String label = names.get(step.id);
            if (step.operator instanceof Operator.CommandSource && services.containsKey(label)) {
                throw new InvalidGraphException(
                        "A command and a service are both named '" + label + "'. Give one of them another name.");
            }
        }
    }

    private void checkLoops() {
        for (Step step : steps) {
            if (step.operator instanceof Operator.Feedback && step.inputs.size() == 1) {
                throw new InvalidGraphException("Loop '" + step.label()
                        + "' is open: nothing is fed back to it. Call closeWith(…) on it with the stream that goes round"
                        + " again, or remove feedback(…).");
            }
        }
    }

    private void checkEnds() {
        boolean[] read = new boolean[steps.size()];
        steps.forEach(step -> step.inputs.forEach(input -> read[input.from()] = true));
        for (Step step : steps) {
            if (!read[step.id] && !(step.operator instanceof Operator.End)) {
                throw new InvalidGraphException("Nothing reads the output of '" + step.label()
                        + "'. End the stream with sink(…), collect() or print().");
            }
        }
        if (steps.isEmpty() && services.isEmpty()) {
            throw new InvalidGraphException("The job of environment '" + name
                    + "' is empty. Declare a stream with env.from… and end it with a sink, before submit() or run().");
        }
    }

    private static void checkParallelism(Step step, String label) {
        if (step.operator instanceof Operator.SinkTo end
                && step.parallelism > end.sink().maxParallelism()) {
            throw new InvalidGraphException("Sink '" + label + "' has parallelism " + step.parallelism + ", and allows "
                    + end.sink().maxParallelism() + ".");
        }
        deadLetters(step.onError)
                .filter(sink -> step.parallelism > sink.maxParallelism())
                .ifPresent(sink -> {
                    throw new InvalidGraphException("Operator '" + label + "' has parallelism " + step.parallelism
                            + ", and its dead-letter sink allows " + sink.maxParallelism() + ".");
                });
        if (step.operator instanceof Operator.CommandSource && step.parallelism > 1) {
            throw new InvalidGraphException(
                    "Command '" + label + "' has parallelism " + step.parallelism + "; it is one process.");
        }
        checkActors(step, label);
        boolean userSource =
                step.operator instanceof Operator.BatchSource || step.operator instanceof Operator.StreamSource;
        if (userSource && step.parallelism > 1) {
            throw new InvalidGraphException("Source '" + label + "' has parallelism " + step.parallelism
                    + "; a function object is called by one thread only. Use several sources and union().");
        }
    }

    private static void checkActors(Step step, String label) {
        if (step.operator instanceof Operator.OnRay ray
                && step.parallelism > ray.pool().actors()) {
            throw new InvalidGraphException(
                    "Operator '" + label + "' has parallelism " + step.parallelism + ", and its pool "
                            + ray.pool().actors() + " actors. Give each instance at least one by actors(…).");
        }
        if (step.operator instanceof Operator.KeyedOnRay ray
                && step.parallelism != ray.pool().actors()) {
            throw new InvalidGraphException("Operator '" + label + "' has parallelism " + step.parallelism
                    + ", and its pool " + ray.pool().actors() + " actors. By key it has one instance for each actor:"
                    + " set actors(…) of the pool, and no parallelism.");
        }
    }

    private static Optional<Sink<? super DeadLetter>> deadLetters(ErrorPolicy policy) {
        ErrorPolicy last = policy instanceof ErrorPolicy.Retry retry ? retry.then() : policy;
        return last instanceof ErrorPolicy.ToSink to ? Optional.of(to.sink()) : Optional.empty();
    }

    /** Given names as they are; the others get their kind's name, numbered where it is taken. */
    private List<String> names() {
        Map<String, Step> taken = new HashMap<>();
        for (Step step : steps) {
            if (step.given != null && taken.putIfAbsent(step.given, step) != null) {
                throw new InvalidGraphException(
                        "Two operators are named '" + step.given + "'. Give one of them another name(…).");
            }
        }
        List<String> names = new ArrayList<>(steps.size());
        for (Step step : steps) {
            String label = step.label();
            for (int n = 2; step.given == null && taken.putIfAbsent(label, step) != null; n++) {
                label = step.kind + "-" + n;
            }
            names.add(label);
        }
        return names;
    }
}
