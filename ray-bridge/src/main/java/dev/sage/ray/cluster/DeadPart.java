package dev.sage.ray.cluster;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which part of a cluster has ended; {@code ray start --block} tells it in the midst of the last lines of that part's log. */
final class DeadPart {
    private static final Pattern TOLD =
            Pattern.compile("(\\w+)(?:\\.\\w+ tail \\(exit code\\(s\\)=|\\s.*\\[exit code=)(-?\\d+)");

    private DeadPart() {}

    /** For people; nothing when Ray did not tell. */
    static Optional<String> in(String output) {
        return output.lines()
                .map(TOLD::matcher)
                .filter(Matcher::find)
                .map(told -> ended(told.group(1), Integer.parseInt(told.group(2))))
                .findFirst();
    }

    private static String ended(String part, int code) {
        return code < 0
                ? "its " + part + " was killed by signal " + -code
                : "its " + part + " ended with exit code " + code;
    }
}
