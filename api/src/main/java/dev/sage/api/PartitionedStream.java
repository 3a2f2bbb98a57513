package dev.sage.api;

/**
 * A stream, and the way in which its records find the parallel instances of the next operator: evenly or one to one for a
 * {@link DataStream}, by key for a {@link KeyedStream}, in turn after {@link DataStream#rebalance}, each to all after
 * {@link DataStream#broadcast}.
 *
 * <p>Function objects are used as given, by all parallel instances of the operator; {@link PerInstance} makes one for
 * each.
 */
public interface PartitionedStream<T> {
    /** One record for each. */
    <R> DataStream<R> map(MapFunction<? super T, ? extends R> function);

    /** As {@link #map(MapFunction)}, by a function of its own for each parallel instance. */
    <R> DataStream<R> map(PerInstance<? extends MapFunction<? super T, ? extends R>> function);

    /** The records for which the function answers true. */
    DataStream<T> filter(FilterFunction<? super T> function);

    /** As {@link #filter(FilterFunction)}, by a function of its own for each parallel instance. */
    DataStream<T> filter(PerInstance<? extends FilterFunction<? super T>> function);

    /** The elements of an iterable for each record, in their order, read as fast as what follows takes them. */
    <R> DataStream<R> flatMap(FlatMapFunction<? super T, R> function);

    /** What a function pushes for each record, in that order; see {@link EmitFunction} for how much that may be. */
    <R> DataStream<R> flatMap(EmitFunction<? super T, R> function);

    /** As {@link #flatMap(FlatMapFunction)}, by a function of its own for each parallel instance. */
    <R> DataStream<R> flatMap(PerInstance<? extends FlatMapFunction<? super T, R>> function);

    /**
     * Calls a function that may block, with at most {@code maxInFlight} calls at a time in each instance, on threads of
     * their own (virtual ones from Java 21). The results keep the order of the records.
     */
    <R> DataStream<R> mapAsync(int maxInFlight, MapFunction<? super T, ? extends R> function);

    /** As {@link #mapAsync}; the results leave in the order in which they are ready. */
    <R> DataStream<R> mapAsyncUnordered(int maxInFlight, MapFunction<? super T, ? extends R> function);

    /** The next operator runs in these actors of Ray. */
    RayStream<T> on(RayPool pool);

    /** Ends the stream: every record goes to the sink, whose output becomes visible with that of all others of the job. */
    StreamEnd sink(Sink<? super T> sink);

    /** A sink of its own for each parallel instance. */
    StreamEnd sink(PerInstance<? extends Sink<? super T>> sink);

    /** This stream and another one as the two inputs of one operator, which may treat them differently. */
    <U> ConnectedStreams<T, U> connect(PartitionedStream<U> other);
}
