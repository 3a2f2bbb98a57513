package dev.sage.cli.remote;

import dev.sage.cli.Context;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sage attach}. */
@Command(
        addMethodSubcommands = false,
        name = "attach",
        sortOptions = false,
        description = {
            "%nShows the output and the events of a job, and on a terminal how far it is, until it has ended. Ctrl+C ends"
                    + " this, and nothing of the job.",
            "%nThe exit code is 0 when the job ended well, otherwise 1, or that of its command.%n"
        },
        footer = {"%nExamples:", "  sage attach 3f", "  sage attach 3f --cancel"})
public final class Attach extends NodeCommand {
    @Parameters(paramLabel = "ID", description = "The job's id, or as much of its beginning as no other has.")
    private String id;

    @Option(names = "--cancel", description = "Ctrl+C cancels the job.")
    private boolean cancel;

    public Attach(Context context) {
        super(context);
    }

    @Override
    public Integer call() throws InterruptedException {
        NodeApi node = node();
        Json job = parse(node.get(job(id))).at("job");
        AttachedJob attached = new AttachedJob(node, job.text("id"), context, new AttachedJob.View(json, !json));
        if (cancel) {
            attached.cancelOnSignals();
        } else {
            attached.leaveOnSignals();
        }
        return attached.untilEnd();
    }
}
