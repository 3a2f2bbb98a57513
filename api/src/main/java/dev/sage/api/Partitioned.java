package dev.sage.api;

import static java.util.Objects.requireNonNull;

import dev.sage.api.graph.Input;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Partitioning;
import java.util.List;

/** The output of one step on its way to the next operator. */
class Partitioned<T> implements PartitionedStream<T> {
    static final Partitioning DIRECT = new Partitioning.Direct();

    final GraphBuilder graph;
    final Step step;
    private final Partitioning partitioning;

    Partitioned(GraphBuilder graph, Step step, Partitioning partitioning) {
        this.graph = graph;
        this.step = step;
        this.partitioning = partitioning;
    }

    @Override
    public final <R> DataStream<R> map(MapFunction<? super T, ? extends R> function) {
        return then("map", new Operator.Map(requireNonNull(function, "function")));
    }

    @Override
    public final <R> DataStream<R> map(PerInstance<? extends MapFunction<? super T, ? extends R>> function) {
        return then("map", new Operator.PerInstance(() -> {
            PerInstance.Made<? extends MapFunction<? super T, ? extends R>> made = function.make();
            MapFunction<T, R> map = value -> made.get().apply(value);
            return new Operator.Map(map);
        }));
    }

    @Override
    public final DataStream<T> filter(FilterFunction<? super T> function) {
        return then("filter", new Operator.Filter(requireNonNull(function, "function")));
    }

    @Override
    public final DataStream<T> filter(PerInstance<? extends FilterFunction<? super T>> function) {
        return then("filter", new Operator.PerInstance(() -> {
            PerInstance.Made<? extends FilterFunction<? super T>> made = function.make();
            FilterFunction<T> filter = value -> made.get().test(value);
            return new Operator.Filter(filter);
        }));
    }

    @Override
    public final <R> DataStream<R> flatMap(FlatMapFunction<? super T, R> function) {
        return then("flat-map", new Operator.FlatMap(requireNonNull(function, "function")));
    }

    @Override
    public final <R> DataStream<R> flatMap(EmitFunction<? super T, R> function) {
        return then("flat-map", new Operator.Emit(requireNonNull(function, "function")));
    }

    @Override
    public final <R> DataStream<R> flatMap(PerInstance<? extends FlatMapFunction<? super T, R>> function) {
        return then("flat-map", new Operator.PerInstance(() -> {
            PerInstance.Made<? extends FlatMapFunction<? super T, R>> made = function.make();
            FlatMapFunction<T, R> flatMap = value -> made.get().apply(value);
            return new Operator.FlatMap(flatMap);
        }));
    }

    @Override
    public final <R> DataStream<R> mapAsync(int maxInFlight, MapFunction<? super T, ? extends R> function) {
        return async(maxInFlight, true, function);
    }

    @Override
    public final <R> DataStream<R> mapAsyncUnordered(int maxInFlight, MapFunction<? super T, ? extends R> function) {
        return async(maxInFlight, false, function);
    }

    private <R> DataStream<R> async(int maxInFlight, boolean ordered, MapFunction<? super T, ? extends R> function) {
        if (maxInFlight < 1) {
            throw new InvalidGraphException("mapAsync after '" + step.label() + "' allows " + maxInFlight
                    + " calls in flight; it must be at least 1.");
        }
        return then("map-async", new Operator.MapAsync(maxInFlight, ordered, requireNonNull(function)));
    }

    @Override
    public RayStream<T> on(RayPool pool) {
        return OnPool.of(this, pool);
    }

    @Override
    public final StreamEnd sink(Sink<? super T> sink) {
        return this.<T>then("sink", new Operator.SinkTo(requireNonNull(sink, "sink")));
    }

    @Override
    public final StreamEnd sink(PerInstance<? extends Sink<? super T>> sink) {
        return this.<T>then("sink", new Operator.SinkPerInstance(() -> new SinkPerInstance<T>(sink.make())));
    }

    @Override
    public final <U> ConnectedStreams<T, U> connect(PartitionedStream<U> other) {
        return new Connected<>(this, sameJob("connect", other));
    }

    final <R> Stream<R> then(String kind, Operator operator) {
        return new Stream<>(graph, graph.add(kind, operator, List.of(input())));
    }

    final Input input() {
        return new Input(step.id, partitioning);
    }

    /** What passes the filter, on the same way to the next operator; filtered where it is made. */
    final Partitioned<T> filtered(FilterFunction<? super T> function) {
        List<Input> inputs = List.of(new Input(step.id, DIRECT));
        Step filter = graph.add("filter", new Operator.Filter(requireNonNull(function, "function")), inputs);
        filter.parallelism(step.parallelism);
        return new Partitioned<>(graph, filter, partitioning);
    }

    /** Another stream that is to be an input of the same operator. */
    final <U> Partitioned<U> sameJob(String operator, PartitionedStream<U> other) {
        if (!(other instanceof Partitioned<U> stream) || stream.graph != graph) {
            throw new InvalidGraphException(operator + " of '" + step.label()
                    + "' with a stream of another job. Both must come from the same environment, between two submits.");
        }
        return stream;
    }
}
