package dev.sage.api;

import static java.util.Objects.requireNonNull;

import dev.sage.api.graph.Operator;
import java.util.List;

/** Two steps' outputs on their way to one operator by key. */
record KeyedConnected<K, A, B>(ByKey<K, A> first, ByKey<K, B> second) implements KeyedConnectedStreams<K, A, B> {

    @Override
    public <R> DataStream<R> process(CoProcessFunction<K, A, B, R> function) {
        requireNonNull(function, "function");
        ProcessFunction<K, B, R> other = function::processSecond;
        return then(
                "co-process",
                new Operator.Pair(
                        new Operator.KeyedProcess(first.key(), new FirstAndEnd<>(function)),
                        new Operator.KeyedProcess(second.key(), other)));
    }

    @Override
    public <R> DataStream<R> join(JoinFunction<? super A, ? super B, ? extends R> function) {
        return then("join", new Operator.Join(first.key(), second.key(), requireNonNull(function, "function")));
    }

    private <R> DataStream<R> then(String kind, Operator operator) {
        return new Stream<>(first.graph, first.graph.add(kind, operator, List.of(first.input(), second.input())));
    }

    /** The end is called once for a key, so it is with one of the two sides. */
    private record FirstAndEnd<K, A, B, R>(CoProcessFunction<K, A, B, R> function) implements ProcessFunction<K, A, R> {
        @Override
        public void process(A value, KeyContext<K> context, Emitter<R> out) throws Exception {
            function.processFirst(value, context, out);
        }

        @Override
        public void end(KeyContext<K> context, Emitter<R> out) throws Exception {
            function.end(context, out);
        }
    }
}
