package dev.sage.api;

import dev.sage.api.graph.Input;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Partitioning;
import java.util.List;
import java.util.Objects;

/** The stream that one step of the graph makes. */
class Stream<T> extends Partitioned<T> implements DataStream<T>, StreamEnd {
    Stream(GraphBuilder graph, Step step) {
        super(graph, step, DIRECT);
    }

    @Override
    public <K> KeyedStream<K, T> keyBy(KeyFunction<? super T, ? extends K> key) {
        return new ByKey<>(this, Objects.requireNonNull(key, "key"));
    }

    @Override
    public PartitionedStream<T> rebalance() {
        return new Partitioned<>(graph, step, new Partitioning.Rebalance());
    }

    @Override
    public PartitionedStream<T> broadcast() {
        return new Partitioned<>(graph, step, new Partitioning.Broadcast());
    }

    @Override
    public DataStream<T> union(DataStream<? extends T> other) {
        List<Input> inputs = List.of(input(), sameJob("union", other).input());
        return new Stream<>(graph, graph.add("union", new Operator.Union(), inputs));
    }

    @Override
    public Feedback<T> feedback(String name) {
        Step head = graph.add("feedback", new Operator.Feedback(), List.of(new Input(step.id, DIRECT)));
        return new Loop<T>(graph, head).name(name);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Results<T> collect() {
        Results<T> results = new Results<>(step.label());
        this.<T>then("collect", new Operator.Collect(list -> results.publish((List<T>) list)));
        return results;
    }

    @Override
    public StreamEnd print(String prefix) {
        return this.<T>then("print", new Operator.Print(prefix));
    }

    @Override
    public Stream<T> name(String name) {
        step.name(name);
        return this;
    }

    @Override
    public Stream<T> parallelism(int instances) {
        step.parallelism(instances);
        return this;
    }

    @Override
    public Stream<T> onError(ErrorPolicy policy) {
        step.onError(Objects.requireNonNull(policy, "policy"));
        return this;
    }
}
