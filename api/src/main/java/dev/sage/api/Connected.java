package dev.sage.api;

import static java.util.Objects.requireNonNull;

import dev.sage.api.graph.Operator;
import java.util.List;

/** Two steps' outputs on their way to one operator. */
record Connected<A, B>(Partitioned<A> first, Partitioned<B> second) implements ConnectedStreams<A, B> {

    @Override
    public <R> DataStream<R> map(
            MapFunction<? super A, ? extends R> first, MapFunction<? super B, ? extends R> second) {
        return then(
                "connected-map",
                new Operator.Map(requireNonNull(first, "first")),
                new Operator.Map(requireNonNull(second, "second")));
    }

    @Override
    public <R> DataStream<R> flatMap(FlatMapFunction<? super A, R> first, FlatMapFunction<? super B, R> second) {
        return then(
                "connected-flat-map",
                new Operator.FlatMap(requireNonNull(first, "first")),
                new Operator.FlatMap(requireNonNull(second, "second")));
    }

    @Override
    public ConnectedStreams<A, B> filter(FilterFunction<? super A> first, FilterFunction<? super B> second) {
        return new Connected<>(this.first.filtered(first), this.second.filtered(second));
    }

    @Override
    public <R> DataStream<R> coMap(CoMapFunction<? super A, ? super B, ? extends R> function) {
        requireNonNull(function, "function");
        MapFunction<A, R> one = function::mapFirst;
        MapFunction<B, R> other = function::mapSecond;
        return then("co-map", new Operator.Map(one), new Operator.Map(other));
    }

    @Override
    public <K> KeyedConnectedStreams<K, A, B> keyBy(
            KeyFunction<? super A, ? extends K> first, KeyFunction<? super B, ? extends K> second) {
        return new KeyedConnected<>(
                new ByKey<>(this.first, requireNonNull(first, "first")),
                new ByKey<>(this.second, requireNonNull(second, "second")));
    }

    private <R> DataStream<R> then(String kind, Operator one, Operator other) {
        return new Stream<>(
                first.graph,
                first.graph.add(kind, new Operator.Pair(one, other), List.of(first.input(), second.input())));
    }
}
