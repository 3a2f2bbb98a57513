package dev.sage.api;

import static java.util.Objects.requireNonNull;

import dev.sage.api.graph.Operator;
import java.util.Optional;

/** The output of one step on its way to actors of Ray. */
final class OnPool<K, T> implements RayKeyedStream<K, T> {
    private final Partitioned<T> stream;
    private final RayPool pool;
    private final Optional<KeyFunction<? super T, ? extends K>> key;

    private OnPool(Partitioned<T> stream, RayPool pool, Optional<KeyFunction<? super T, ? extends K>> key) {
        this.stream = stream;
        this.pool = requireNonNull(pool, "pool");
        this.key = key;
    }

    static <T> RayStream<T> of(Partitioned<T> stream, RayPool pool) {
        return new OnPool<Object, T>(stream, pool, Optional.empty());
    }

    static <K, T> RayKeyedStream<K, T> byKey(ByKey<K, T> stream, RayPool pool) {
        return new OnPool<>(stream, pool, Optional.of(stream.key()));
    }

    @Override
    public <R> DataStream<R> map(String method, Class<R> type) {
        return then("ray-map", Operator.OnRay.Kind.MAP, method, type);
    }

    @Override
    public <R> DataStream<R> flatMap(String method, Class<R> type) {
        return then("ray-flat-map", Operator.OnRay.Kind.FLAT_MAP, method, type);
    }

    @Override
    public DataStream<T> filter(String method) {
        return then("ray-filter", Operator.OnRay.Kind.FILTER, method, Boolean.class);
    }

    private <R> DataStream<R> then(String kind, Operator.OnRay.Kind what, String method, Class<?> type) {
        return stream.then(kind, new Operator.OnRay(pool, what, named(method), requireNonNull(type, "type")));
    }

    @Override
    public <R> DataStream<R> process(String method, Class<R> type) {
        return process(method, Optional.empty(), type);
    }

    @Override
    public <R> DataStream<R> process(String method, String end, Class<R> type) {
        return process(method, Optional.of(named(end)), type);
    }

    /** One instance for each actor: whose key it is, is decided by whose instance it is. */
    private <R> DataStream<R> process(String method, Optional<String> end, Class<R> type) {
        Operator.KeyedOnRay operator =
                new Operator.KeyedOnRay(pool, key.orElseThrow(), named(method), end, requireNonNull(type, "type"));
        return stream.<R>then("ray-process", operator).parallelism(pool.actors());
    }

    private String named(String method) {
        if (method.isBlank()) {
            throw new InvalidGraphException("The method of " + pool.code() + " that is to be called has a blank name.");
        }
        return method;
    }
}
