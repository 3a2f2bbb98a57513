package dev.sage.api;

/**
 * Two streams that one operator reads, with a function for each. The records of one stream come in their order, those of
 * both in any; the operator ends when both have ended. A stream that every instance must see is broadcast:
 * {@code data.connect(rules.broadcast())}.
 */
public interface ConnectedStreams<A, B> {
    /** One record for each, by the function of the stream that it comes from. */
    <R> DataStream<R> map(MapFunction<? super A, ? extends R> first, MapFunction<? super B, ? extends R> second);

    /** Any number of records for each, by the function of the stream that it comes from. */
    <R> DataStream<R> flatMap(FlatMapFunction<? super A, R> first, FlatMapFunction<? super B, R> second);

    /** The same two streams with fewer records; each is filtered where it is made, with the parallelism that it has. */
    ConnectedStreams<A, B> filter(FilterFunction<? super A> first, FilterFunction<? super B> second);

    /** As {@link #map} with one object for both streams. */
    <R> DataStream<R> coMap(CoMapFunction<? super A, ? super B, ? extends R> function);

    /** Brings the records of both streams together by key, whatever their partitioning was. */
    <K> KeyedConnectedStreams<K, A, B> keyBy(
            KeyFunction<? super A, ? extends K> first, KeyFunction<? super B, ? extends K> second);
}
