package dev.sage.cli.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Words for the events of a job. Of a kind that is not known here all components are shown. */
final class EventLine {
    private static final String OF_SAGE = "dev.sage.api.";
    private static final String COMMAND_FAILED = OF_SAGE + "CommandFailedException";

    private EventLine() {}

    /** For example {@code 0.5s  task-started  count/0}. */
    static String of(Json event) {
        String at = Times.of(event.duration("at").orElse(Duration.ZERO));
        return " ".repeat(Math.max(0, 7 - at.length())) + at + "  " + event.text("type") + "  " + words(event);
    }

    static String words(Json event) {
        return Table.oneLine(
                switch (event.text("type")) {
                    case "state-changed" ->
                        event.text("from") + " → " + event.text("to") + inBrackets(event.text("reason"));
                    case "waiting" -> event.text("reason");
                    case "leased" ->
                        event.at("leases").at("holders").members().values().stream()
                                .map(EventLine::leases)
                                .collect(Collectors.joining(" and "));
                    case "task-started", "task-ended" -> event.text("task");
                    case "service-started", "service-stopped", "service-restarted" -> event.text("service");
                    case "service-restarting" ->
                        event.text("service") + ", restart " + event.text("restart") + " of " + event.text("allowed")
                                + inBrackets(message(event.at("cause")));
                    case "failed" -> failure(event.at("failure"));
                    case "cleaned-up" -> cleanup(event.at("line"));
                    case "missed" -> event.text("events") + " events are not here any more";
                    case "ended" ->
                        event.at("result").text("state")
                                + inBrackets(event.at("result").text("reason"));
                    default -> event.toString();
                });
    }

    /** For example {@code gpu 3 [release] released in 12 ms}. */
    static String cleanup(Json line) {
        String outcome = line.text("outcome").toLowerCase(Locale.ROOT);
        String took = line.duration("duration")
                .map(span -> " in " + span.toMillis() + " ms")
                .orElse("");
        return line.text("kind") + " " + line.text("name") + " [" + line.text("step") + "] " + outcome
                + inBrackets(line.text("reason")) + took;
    }

    /** What Sage itself throws says what is the matter without the name of its class, and a command without a place. */
    static String failure(Json failure) {
        Json cause = failure.at("cause");
        if (failure.text("origin").equals("RUNTIME") || cause.text("type").equals(COMMAND_FAILED)) {
            return cause.isPresent() ? message(cause) : failure.text("message");
        }
        String where = failure.text("origin").toLowerCase(Locale.ROOT) + " '" + failure.text("name") + "', "
                + failure.text("step");
        return where + ": " + (cause.text("type").startsWith(OF_SAGE) ? message(cause) : failure.text("message"));
    }

    /** For example {@code GPUs 0, 3 and port 8080}. */
    static String leases(Json lease) {
        List<String> parts = new ArrayList<>();
        numbers("GPU", lease.at("gpus")).ifPresent(parts::add);
        numbers("port", lease.at("ports")).ifPresent(parts::add);
        return String.join(" and ", parts);
    }

    private static Optional<String> numbers(String what, Json ids) {
        int count = ids.items().size();
        return count == 0 ? Optional.empty() : Optional.of(what + (count == 1 ? " " : "s ") + ids.joined());
    }

    private static String message(Json cause) {
        String message = cause.text("message");
        return message.isEmpty() ? cause.text("type") : message;
    }

    private static String inBrackets(String text) {
        return text.isEmpty() ? "" : " (" + text + ")";
    }
}
