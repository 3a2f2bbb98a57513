package dev.sage.api;

/**
 * A loop, read as the stream of all records that pass its head: those from outside, and those that are fed back. It must
 * be closed, once.
 *
 * <p>The loop ends exactly: when the streams that lead into it have ended and no record is in it any more, be it in a
 * queue, in a function or in a {@link DataStream#mapAsync} call. What is fed back waits in memory. When {@code
 * sage.feedback.gate-records} wait, nothing more is let in from outside; more than {@code sage.feedback.max-records} fail
 * the job by the loop's name.
 *
 * <p>Records of one key may overtake each other on the way round. Inside a loop there can be neither another loop nor an
 * operator that emits at the end of its stream ({@code reduce}, {@code aggregate}, {@code count}).
 */
public interface Feedback<T> extends DataStream<T> {
    /**
     * Feeds a stream back to the head of the loop. It may be read elsewhere as well; most often it is one branch, and
     * another one leaves the loop.
     *
     * @param again made from this loop
     * @throws InvalidGraphException when the loop is closed already
     */
    void closeWith(DataStream<? extends T> again);

    @Override
    Feedback<T> name(String name);

    /** Sets the parallelism of the loop's head. */
    @Override
    Feedback<T> parallelism(int instances);
}
