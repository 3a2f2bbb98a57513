package dev.sage.api;

/** A stream by key on its way to actors of Ray: all records of a key go to the same actor, in their order. */
public interface RayKeyedStream<K, T> extends RayStream<T> {
    /**
     * Calls the method with the key and the record; the actor's object may keep what it likes for each key. Answers the
     * elements of the list that it answers. There is one parallel instance for each actor. What an actor kept is gone when
     * it dies, which fails the job unless {@link RayPool#maxRestarts} allows it.
     */
    <R> DataStream<R> process(String method, Class<R> type);

    /** As {@link #process(String, Class)}; when the stream has ended, {@code end}, without arguments, is called on each actor. */
    <R> DataStream<R> process(String method, String end, Class<R> type);
}
