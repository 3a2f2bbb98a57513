package dev.sage.cli.remote;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The words that stand before the commands that ask a node, such as {@code sage job}. */
public final class JobGroups {
    private JobGroups() {}

    abstract static class Group implements Runnable {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        boolean help;

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(
                    spec.commandLine(),
                    "Say what to do: " + String.join(", ", spec.subcommands().keySet()) + ".");
        }
    }

    /** {@code sage job}. */
    @Command(
            name = "job",
            description = "%nThe jobs of a node.%n",
            synopsisSubcommandLabel = "COMMAND",
            footer = {"%nExamples:", "  sage job list --state running", "  sage job logs 3f -f", "  sage job wait 3f"})
    public static final class Job extends Group {}

    /** {@code sage service}. */
    @Command(
            name = "service",
            description = "%nServices that go on without a job.%n",
            synopsisSubcommandLabel = "COMMAND")
    public static final class Service extends Group {}

    /** {@code sage node}. */
    @Command(
            addMethodSubcommands = false,
            name = "node",
            description = "%nThe nodes.%n",
            synopsisSubcommandLabel = "COMMAND")
    public static final class Node extends Group {}

    /** {@code sage gpu}. */
    @Command(
            addMethodSubcommands = false,
            name = "gpu",
            description = "%nThe GPUs of a node.%n",
            synopsisSubcommandLabel = "COMMAND")
    public static final class Gpu extends Group {}

    /** {@code sage ledger}. */
    @Command(
            name = "ledger",
            description = "%nWhat a node holds outside of itself.%n",
            synopsisSubcommandLabel = "COMMAND")
    public static final class Ledger extends Group {}

    /** {@code sage token}. */
    @Command(
            addMethodSubcommands = false,
            name = "token",
            description = "%nWhat lets clients in.%n",
            synopsisSubcommandLabel = "COMMAND")
    public static final class TokenGroup extends Group {}

    /** {@code sage jobmanager}. */
    @Command(
            name = "jobmanager",
            description = "%nThe node of this machine: starts and stops it.%n",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "%nExamples:",
                "  sage jobmanager start --gpus 0,1",
                "  sage jobmanager status",
                "  sage jobmanager stop"
            })
    public static final class JobManager extends Group {}

    /** {@code sage ray}. */
    @Command(
            name = "ray",
            description = "%nThe Ray cluster for the actors of your Sage programs.%n",
            synopsisSubcommandLabel = "COMMAND",
            footer = {"%nExamples:", "  sage ray up", "  sage ray status", "  sage ray down"})
    public static final class Ray extends Group {}
}
