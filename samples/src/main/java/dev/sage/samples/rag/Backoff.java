package dev.sage.samples.rag;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * How long to wait before asking a server again: twice as long each time, and up to half as much on top by chance, so
 * that the callers whom a busy server turned away do not all come back at once.
 */
final class Backoff {
    private static final long FIRST_MS = 500;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

    private final Pause pause;

    Backoff(Pause pause) {
        this.pause = pause;
    }

    static Backoff sleeping() {
        return new Backoff(time -> TimeUnit.MILLISECONDS.sleep(time.toMillis()));
    }

    /** What a server asks for in a {@code Retry-After} header; its other form, a date, counts as nothing. */
    static Duration retryAfter(Optional<String> header) {
        return header.map(String::strip)
                .filter(text -> SECONDS.matcher(text).matches())
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(Duration.ZERO);
    }

    /**
     * Waits.
     *
     * @param attempt the one that failed, from 1
     * @param asked what the server asked for; more than half a minute is not granted
     */
    void beforeRetry(int attempt, Duration asked) throws InterruptedException {
        long usual = FIRST_MS << (attempt - 1);
        long spread = ThreadLocalRandom.current().nextLong(usual / 2);
        pause.of(shorter(LONGEST, Duration.ofMillis(Math.max(usual, asked.toMillis()) + spread)));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** Lets time pass; tests let it pass quicker. */
    @FunctionalInterface
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }
}
