package dev.sage.cli.remote;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sage job cancel|stop|pause|resume}: one request for each job, and the next one also when one fails. */
public abstract sealed class JobOrder extends NodeCommand {
    private final String order;

    @Parameters(
            arity = "1..*",
            paramLabel = "ID",
            description = "Ids of jobs, or as much of their beginnings as no others have.")
    private List<String> ids;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Is kept with the job, and shown.")
    private @Nullable String reason;

    private JobOrder(Context context, String order) {
        super(context);
        this.order = order;
    }

    @Override
    public Integer call() {
        NodeApi node = node();
        int code = Exit.OK;
        for (String id : ids) {
            try {
                tell(node.post(job(id) + "/" + order, reason == null ? Map.of() : Map.of("reason", reason)));
            } catch (CommandFailure refused) {
                if (ids.size() == 1 || refused.exitCode() == Exit.NO_NODE) {
                    throw refused;
                }
                context.err().println("sage: " + refused.getMessage());
                code = Exit.FAILURE;
            }
        }
        return code;
    }

    private void tell(String answer) {
        if (json) {
            printJson(answer);
        } else {
            Json job = parse(answer);
            // What it is told takes effect a moment later.
            print(job.text("id") + "  " + job.text("name") + "  " + job.text("state") + ", told to " + order);
        }
    }

    /** {@code sage job cancel}. */
    @Command(
            name = "cancel",
            sortOptions = false,
            description = "%nEnds jobs at once, and cleans them up; waits for neither.%n",
            footer = {"%nExample:", "  sage job cancel 3f 7c && sage job wait 3f 7c"})
    public static final class Cancel extends JobOrder {
        public Cancel(Context context) {
            super(context, "cancel");
        }
    }

    /** {@code sage job stop}. */
    @Command(
            name = "stop",
            sortOptions = false,
            description = "%nLets jobs read no more, work off what they have read, and end.%n",
            footer = {"%nExample:", "  sage job stop 3f --reason maintenance"})
    public static final class Stop extends JobOrder {
        public Stop(Context context) {
            super(context, "stop");
        }
    }

    /** {@code sage job pause}. */
    @Command(
            name = "pause",
            sortOptions = false,
            description = "%nHolds the sources of jobs; what they have, services, GPUs and ports, they keep.%n",
            footer = {"%nExample:", "  sage job pause 3f"})
    public static final class Pause extends JobOrder {
        public Pause(Context context) {
            super(context, "pause");
        }
    }

    /** {@code sage job resume}. */
    @Command(
            name = "resume",
            sortOptions = false,
            description = "%nLets paused jobs read on.%n",
            footer = {"%nExample:", "  sage job resume 3f"})
    public static final class Resume extends JobOrder {
        public Resume(Context context) {
            super(context, "resume");
        }
    }
}
