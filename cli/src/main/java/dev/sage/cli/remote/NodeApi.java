package dev.sage.cli.remote;

import java.util.Map;

/**
 * A node, as the commands ask it. All methods block, and throw {@link dev.sage.cli.CommandFailure} with what the node, or the
 * network, had against it.
 */
public interface NodeApi {
    /** The body of the answer, as it came. */
    String get(String path);

    /**
     * Answers the body of the answer, as it came.
     *
     * @param body to be written as JSON; empty for none
     */
    default String post(String path, Map<String, ?> body) {
        return post(path, body, Map.of());
    }

    String post(String path, Map<String, ?> body, Map<String, String> headers);

    String put(String path);

    String delete(String path);

    /** Hears a stream of events up to its end, over as many connections as it takes; or until its listener wants no more. */
    void follow(String path, Listener listener);

    /** Hears a stream, one call at a time. */
    @FunctionalInterface
    interface Listener {
        /**
         * Takes one event.
         *
         * @param type of the event
         * @param data JSON
         * @return whether it wants the next one
         */
        boolean event(String type, String data);

        /** The stream broke, or the node is not there; it is asked for again, from the same place on. */
        default void broken(String why) {}

        /** The stream has ended; answers whether there is no more, or it is to be asked for again. */
        default boolean isEnd() {
            return true;
        }
    }
}
