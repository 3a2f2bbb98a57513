package dev.sage.api;

import dev.sage.api.graph.Input;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Partitioning;
import java.util.List;
import java.util.Objects;

/** The stream that one step of the graph makes. */
class Stream<T> implements DataStream<T>, StreamEnd {
    private static final Partitioning DIRECT = new Partitioning.Direct();

    final GraphBuilder graph;
    final Step step;

    Stream(GraphBuilder graph, Step step) {
        this.graph = graph;
        this.step = step;
    }

    @Override
    public <R> DataStream<R> map(MapFunction<? super T, ? extends R> function) {
        return then("map", new Operator.Map(Objects.requireNonNull(function, "function")), DIRECT);
    }

    @Override
    public DataStream<T> filter(FilterFunction<? super T> function) {
        return then("filter", new Operator.Filter(Objects.requireNonNull(function, "function")), DIRECT);
    }

    @Override
    public <R> DataStream<R> flatMap(FlatMapFunction<? super T, R> function) {
        return then("flat-map", new Operator.FlatMap(Objects.requireNonNull(function, "function")), DIRECT);
    }

    @Override
    public <R> DataStream<R> flatMap(EmitFunction<? super T, R> function) {
        return then("flat-map", new Operator.Emit(Objects.requireNonNull(function, "function")), DIRECT);
    }

    @Override
    public <K> KeyedStream<K, T> keyBy(KeyFunction<? super T, ? extends K> key) {
        return new ByKey<>(this, Objects.requireNonNull(key, "key"));
    }

    @Override
    public DataStream<T> union(DataStream<? extends T> other) {
        if (!(other instanceof Stream<?> stream) || stream.graph != graph) {
            throw new InvalidGraphException("union of '" + step.label()
                    + "' with a stream of another job. Both must come from the same environment, between two submits.");
        }
        List<Input> inputs = List.of(new Input(step.id, DIRECT), new Input(stream.step.id, DIRECT));
        return new Stream<>(graph, graph.add("union", new Operator.Union(), inputs));
    }

    @Override
    public <R> DataStream<R> mapAsync(int maxInFlight, MapFunction<? super T, ? extends R> function) {
        return async(maxInFlight, true, function);
    }

    @Override
    public <R> DataStream<R> mapAsyncUnordered(int maxInFlight, MapFunction<? super T, ? extends R> function) {
        return async(maxInFlight, false, function);
    }

    private <R> DataStream<R> async(int maxInFlight, boolean ordered, MapFunction<? super T, ? extends R> function) {
        if (maxInFlight < 1) {
            throw new InvalidGraphException("mapAsync after '" + step.label() + "' allows " + maxInFlight
                    + " calls in flight; it must be at least 1.");
        }
        return then("map-async", new Operator.MapAsync(maxInFlight, ordered, Objects.requireNonNull(function)), DIRECT);
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
        this.<T>then("collect", new Operator.Collect(list -> results.publish((List<T>) list)), DIRECT);
        return results;
    }

    @Override
    public StreamEnd sink(Sink<? super T> sink) {
        return this.<T>then("sink", new Operator.SinkTo(Objects.requireNonNull(sink, "sink")), DIRECT);
    }

    @Override
    public StreamEnd print(String prefix) {
        return this.<T>then("print", new Operator.Print(prefix), DIRECT);
    }

    <R> Stream<R> then(String kind, Operator operator, Partitioning partitioning) {
        return new Stream<>(graph, graph.add(kind, operator, List.of(new Input(step.id, partitioning))));
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

    private record ByKey<K, T>(Stream<T> stream, KeyFunction<? super T, ? extends K> key) implements KeyedStream<K, T> {

        @Override
        public <R> DataStream<R> map(MapFunction<? super T, ? extends R> function) {
            return then("map", new Operator.Map(Objects.requireNonNull(function, "function")));
        }

        @Override
        public DataStream<T> filter(FilterFunction<? super T> function) {
            return then("filter", new Operator.Filter(Objects.requireNonNull(function, "function")));
        }

        @Override
        public <R> DataStream<R> flatMap(FlatMapFunction<? super T, R> function) {
            return then("flat-map", new Operator.FlatMap(Objects.requireNonNull(function, "function")));
        }

        @Override
        public <R> DataStream<R> flatMap(EmitFunction<? super T, R> function) {
            return then("flat-map", new Operator.Emit(Objects.requireNonNull(function, "function")));
        }

        @Override
        public DataStream<T> reduce(ReduceFunction<T> function) {
            return then("reduce", new Operator.Reduce(key, Objects.requireNonNull(function, "function")));
        }

        @Override
        public <A, R> DataStream<KeyValue<K, R>> aggregate(Aggregator<? super T, A, R> aggregator) {
            return then("aggregate", new Operator.Aggregate(key, Objects.requireNonNull(aggregator, "aggregator")));
        }

        private <R> DataStream<R> then(String kind, Operator operator) {
            return stream.then(kind, operator, new Partitioning.ByKey(key));
        }
    }
}
