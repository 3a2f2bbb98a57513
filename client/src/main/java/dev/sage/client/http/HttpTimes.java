package dev.sage.client.http;

import java.time.Duration;

/**
 * How patient a client is.
 *
 * @param connect for a connection to come about
 * @param answer between a request and its answer, and between two parts of an answer
 * @param silence on a stream of events, until it is taken for broken; nodes send a keep-alive every 10 s
 * @param giveUp for how long a broken stream is tried again, without having heard anything, before it fails
 */
public record HttpTimes(Duration connect, Duration answer, Duration silence, Duration giveUp) {
    /** 5 s, 60 s, 30 s and 5 min. */
    public static final HttpTimes DEFAULT =
            new HttpTimes(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofMinutes(5));

    public HttpTimes {
        check("connect", connect);
        check("answer", answer);
        check("silence", silence);
        check("giveUp", giveUp);
    }

    private static void check(String name, Duration time) {
        if (time.toMillis() < 1 || time.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "The time '" + name + "' was " + time + "; it must be between 1 ms and 24 days.");
        }
    }
}
