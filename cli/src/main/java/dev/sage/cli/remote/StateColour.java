package dev.sage.cli.remote;

import dev.sage.cli.Context;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** States as words, on a terminal in a colour: what goes well, what is to be seen to, and what waits for something. */
final class StateColour {
    private StateColour() {}

    static Table.Cell cell(Json job, Context context) {
        return new Table.Cell(words(job), text -> context.colours() ? in(colour(job), text) : text);
    }

    static String of(Json job, Context context) {
        return cell(job, context).paint().apply(words(job));
    }

    /** For example {@code COMPLETED, not clean}. */
    static String words(Json job) {
        return job.text("state") + (isDirty(job) ? ", not clean" : "");
    }

    private static boolean isDirty(Json job) {
        return job.at("clean").isPresent() && !job.isTrue("clean");
    }

    /** Also of states that a later node may have. */
    private static IStyle colour(Json job) {
        if (isDirty(job)) {
            return Style.fg_red;
        }
        return switch (job.text("state")) {
            case "COMPLETED", "STOPPED" -> Style.fg_green;
            case "FAILED", "TIMED_OUT" -> Style.fg_red;
            case "QUEUED", "PAUSED", "CANCELLED" -> Style.fg_yellow;
            default -> Style.fg_cyan;
        };
    }

    private static String in(IStyle colour, String text) {
        return colour.on() + text + colour.off();
    }
}
