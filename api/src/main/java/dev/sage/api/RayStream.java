package dev.sage.api;

/**
 * A stream on its way to actors of Ray, by {@link PartitionedStream#on}. Each operator names the method that is called for a
 * record; what that raises for one is treated by {@link DataStream#onError} and does not touch the others of its batch.
 *
 * <p>The actors are shared out among the parallel instances of the operator, of which there can be no more than actors.
 */
public interface RayStream<T> {
    /** What the method answers for each record, never {@code None}, as this type. */
    <R> DataStream<R> map(String method, Class<R> type);

    /** The elements of the list that the method answers for each record, each as this type. */
    <R> DataStream<R> flatMap(String method, Class<R> type);

    /** The records for which the method answers true. */
    DataStream<T> filter(String method);
}
