package dev.sage.cli;

import static dev.sage.cli.CommandTree.group;
import static dev.sage.cli.CommandTree.leaf;

import dev.sage.cli.manager.Restart;
import dev.sage.cli.manager.Start;
import dev.sage.cli.manager.Status;
import dev.sage.cli.manager.Stop;
import dev.sage.cli.ray.RayDown;
import dev.sage.cli.ray.RayStatus;
import dev.sage.cli.ray.RayUp;
import dev.sage.cli.remote.Attach;
import dev.sage.cli.remote.GpuCommands;
import dev.sage.cli.remote.JobEvents;
import dev.sage.cli.remote.JobGroups;
import dev.sage.cli.remote.JobList;
import dev.sage.cli.remote.JobLogs;
import dev.sage.cli.remote.JobOrder;
import dev.sage.cli.remote.JobShow;
import dev.sage.cli.remote.JobWait;
import dev.sage.cli.remote.LedgerList;
import dev.sage.cli.remote.NodeList;
import dev.sage.cli.remote.ServiceCommands;
import dev.sage.cli.remote.TokenShow;
import dev.sage.cli.remote.Top;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What stands before the subcommands, and how all of them treat wrong usage and failures. */
@Command(
        addMethodSubcommands = false,
        name = "sage",
        description = "Runs dataflow jobs, and leaves nothing behind.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nExamples:",
            "  sage run word-count --input README.md --top 10",
            "  sage jobmanager start --gpus 0,1",
            "  sage submit --gpus 1 -- python3 train.py --gpu {gpu}",
            "  sage job list --state running"
        })
final class SageCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "Say what to do: " + String.join(", ", spec.subcommands().keySet()) + ".");
    }

    /** @param typed what is about to be parsed; what it does not name is not made */
    static CommandLine commandLine(
            CommandLine.IExecutionExceptionHandler failures, Context context, List<String> typed) {
        CommandLine sage = tree(context).make(typed);
        sage.setExecutionExceptionHandler(failures);
        sage.setParameterExceptionHandler(SageCommand::wrongUsage);
        return sage;
    }

    private static CommandTree tree(Context context) {
        return group(
                "sage",
                SageCommand::new,
                new CommandTree("run", () -> RunCommand.commandLine(context), List.of()),
                new CommandTree("submit", () -> SubmitCommand.commandLine(context), List.of()),
                leaf("attach", () -> new Attach(context)),
                leaf("top", () -> new Top(context)),
                group(
                        "job",
                        JobGroups.Job::new,
                        leaf("list", () -> new JobList(context)),
                        leaf("show", () -> new JobShow(context)),
                        leaf("logs", () -> new JobLogs(context)),
                        leaf("events", () -> new JobEvents(context)),
                        leaf("wait", () -> new JobWait(context)),
                        leaf("cancel", () -> new JobOrder.Cancel(context)),
                        leaf("stop", () -> new JobOrder.Stop(context)),
                        leaf("pause", () -> new JobOrder.Pause(context)),
                        leaf("resume", () -> new JobOrder.Resume(context))),
                group(
                        "service",
                        JobGroups.Service::new,
                        leaf("list", () -> new ServiceCommands.ListThem(context)),
                        leaf("end", () -> new ServiceCommands.End(context))),
                group(
                        "gpu",
                        JobGroups.Gpu::new,
                        leaf("list", () -> new GpuCommands.ListThem(context)),
                        leaf("drain", () -> new GpuCommands.Drain(context)),
                        leaf("undrain", () -> new GpuCommands.Undrain(context))),
                group("node", JobGroups.Node::new, leaf("list", () -> new NodeList(context))),
                group("ledger", JobGroups.Ledger::new, leaf("list", () -> new LedgerList(context))),
                group("token", JobGroups.TokenGroup::new, leaf("show", () -> new TokenShow(context))),
                group(
                        "jobmanager",
                        JobGroups.JobManager::new,
                        leaf("start", () -> new Start(context)),
                        leaf("stop", () -> new Stop(context)),
                        leaf("status", () -> new Status(context)),
                        leaf("restart", () -> new Restart(context))),
                group(
                        "ray",
                        JobGroups.Ray::new,
                        leaf("up", () -> new RayUp(context)),
                        leaf("status", () -> new RayStatus(context)),
                        leaf("down", () -> new RayDown(context))),
                leaf("check", CheckCommand::new),
                leaf("completion", () -> new Completion(context)));
    }

    /** All of it, for whoever describes it. */
    static CommandLine whole(Context context) {
        return tree(context).make(List.of());
    }

    /** One line on what is wrong and one on where to look; not the whole help, which would push the first off a screen. */
    private static int wrongUsage(CommandLine.ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println("sage: " + wrong.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return Exit.USAGE;
    }
}
