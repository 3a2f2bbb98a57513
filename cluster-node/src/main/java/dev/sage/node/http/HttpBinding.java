package dev.sage.node.http;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The HTTP API while it answers. */
public interface HttpBinding {
    String host();

    /** The one asked for, or the one found when that was 0. */
    int port();

    /**
     * Takes no more connections, ends all event streams (their clients resume elsewhere or later), and waits for the
     * requests under way; completed when the last connection is closed, at the latest about when the deadline has passed.
     */
    CompletionStage<Void> terminate(Duration deadline);
}
