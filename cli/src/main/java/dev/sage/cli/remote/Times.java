package dev.sage.cli.remote;

import java.time.Duration;

/** Spans of time for people: two units at most. */
final class Times {
    private Times() {}

    static String of(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 10) {
            return String.format(java.util.Locale.ROOT, "%.1fs", Math.max(0, span.toMillis()) / 1000.0);
        }
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m" + two(seconds % 60) + "s";
        }
        return seconds < 86_400
                ? seconds / 3600 + "h" + two(seconds / 60 % 60) + "m"
                : seconds / 86_400 + "d" + two(seconds / 3600 % 24) + "h";
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : String.valueOf(number);
    }
}
