package dev.sage.api;

import dev.sage.api.graph.Input;
import dev.sage.api.graph.Partitioning;
import org.jspecify.annotations.Nullable;

/** The stream that the head of a loop makes. */
final class Loop<T> extends Stream<T> implements Feedback<T> {
    private @Nullable Step end;

    Loop(GraphBuilder graph, Step head) {
        super(graph, head);
    }

    @Override
    public void closeWith(DataStream<? extends T> again) {
        if (!(again instanceof Stream<?> stream) || stream.graph != graph) {
            throw new InvalidGraphException("Loop '" + step.label()
                    + "' was to be closed with a stream of another job. Close it with a stream that is made from it.");
        }
        if (end != null) {
            throw new InvalidGraphException("Loop '" + step.label() + "' was to be closed twice, with '" + end.label()
                    + "' and with '" + stream.step.label() + "'. Close it once, with the union of both.");
        }
        end = stream.step;
        step.inputs.add(new Input(stream.step.id, new Partitioning.Feedback()));
    }

    @Override
    public Loop<T> name(String name) {
        super.name(name);
        return this;
    }

    @Override
    public Loop<T> parallelism(int instances) {
        super.parallelism(instances);
        return this;
    }
}
