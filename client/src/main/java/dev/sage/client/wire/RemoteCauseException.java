package dev.sage.client.wire;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * In the place of something that was thrown at the node, and whose class is not here or could not be sent. It prints like
 * the original; {@link #type} tells its class.
 */
public final class RemoteCauseException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final Pattern FRAME =
            Pattern.compile("\\s+at (?:.*/)?([\\w.$<>]+)\\.([\\w$<>]+)\\((.*?)(?::(\\d+))?\\)");

    private final String type;
    private final String stack;
    private final @Nullable String serialized;

    RemoteCauseException(String type, @Nullable String message, String stack, @Nullable String serialized) {
        super(message);
        this.type = type;
        this.stack = stack;
        this.serialized = serialized;
        setStackTrace(frames(stack));
    }

    /** The name of the class of the original. */
    public String type() {
        return type;
    }

    /** What {@code printStackTrace} of the original printed, with its causes; empty when unknown. */
    public String stack() {
        return stack;
    }

    @Nullable
    String serialized() {
        return serialized;
    }

    /** As the original printed itself, under its own name. */
    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
        return getMessage() == null ? type : type + ": " + getMessage();
    }

    /** Those of the original itself, up to the first cause or suppressed one. */
    private static StackTraceElement[] frames(String stack) {
        List<String> lines = stack.lines().toList();
        return lines.stream()
                .skip(lines.stream()
                        .takeWhile(line -> !FRAME.matcher(line).matches())
                        .count())
                .map(FRAME::matcher)
                .takeWhile(Matcher::matches)
                .map(frame -> new StackTraceElement(
                        frame.group(1),
                        frame.group(2),
                        frame.group(3),
                        frame.group(4) == null ? -1 : Integer.parseInt(frame.group(4))))
                .toArray(StackTraceElement[]::new);
    }
}
