package dev.sage.api;

/** Listening that can be ended before what is listened to ends. */
public interface Subscription extends AutoCloseable {
    /** No call begins after this; does not wait for one that runs. Closing twice does nothing. */
    @Override
    void close();
}
