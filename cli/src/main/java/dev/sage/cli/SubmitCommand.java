package dev.sage.cli;

import dev.sage.cli.remote.NodeOptions;
import dev.sage.cli.remote.Submission;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sage submit}: a program whose jobs run at a node, or a command of the system as a job of a node. */
@Command(
        addMethodSubcommands = false,
        name = "submit",
        sortOptions = false,
        description = {
            "%nRuns the main class of your jar here; its jobs, whatever environment they ask for, run at the node.",
            "%nBehind -- stands a command of the system, which the node runs as a job: with the GPUs and ports that it asks"
                    + " for, and with all that it starts gone when it ends. Its output is shown here; Ctrl+C cancels it."
                    + " {port} and {gpu} in its arguments stand for what it was given. The exit code is that of the command,"
                    + " and 127 when it cannot be started.%n"
        },
        customSynopsis = {
            "sage submit [--node HOST:PORT] JAR [--class CLASS] [--detach] [ARGUMENT...]",
            "       sage submit [--node HOST:PORT] [--gpus N] [--ports N] [--name NAME]",
            "                   [--directory DIR] [--detach] -- COMMAND [ARGUMENT...]"
        },
        footer = {
            "%nExamples:",
            "  sage submit app.jar --class com.example.Main input.txt",
            "  sage submit --gpus 1 --name train --detach -- python3 train.py --gpu {gpu}"
        })
final class SubmitCommand implements Callable<Integer> {
    /** Read by whatever makes environments: their jobs go to the node that is named there. */
    private static final String NODE = "sage.submit.node";

    private static final String TOKEN = "sage.submit.token";
    private static final String DETACHED = "sage.submit.detached";

    @Option(names = "--class", paramLabel = "CLASS", description = "Without it: Main-Class of the jar's manifest.")
    private @Nullable String mainClass;

    @Option(names = "--gpus", paramLabel = "N", description = "GPUs for the command; 0 when not given.")
    private @Nullable Integer gpus;

    @Option(
            names = "--ports",
            paramLabel = "N",
            description = "Ports for the command; as many as its arguments name when not given.")
    private @Nullable Integer ports;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Of the command's job; that of its program when not given.")
    private @Nullable String name;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description =
                    "The folder, at the node, to run the command in. Without it: this one, for a node of this machine.")
    private @Nullable Path directory;

    @Option(
            names = "--detach",
            description =
                    "The job needs no client, and its id is printed. For a command do not wait for it either; a program"
                            + " waits for what it says.")
    private boolean detach;

    @Option(names = "--json", description = "What the node answers, and the job's events, as JSON; no output.")
    private boolean json;

    @Mixin
    private NodeOptions node = new NodeOptions();

    @Parameters(hidden = true)
    private List<String> words = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    private final Context context;

    private SubmitCommand(Context context) {
        this.context = context;
    }

    static CommandLine commandLine(Context context) {
        CommandLine submit = new CommandLine(new SubmitCommand(context));
        // Behind the jar everything belongs to the program, but for what this command looks for itself.
        submit.setStopAtPositional(true);
        submit.setUnmatchedOptionsArePositionalParams(true);
        return submit;
    }

    @Override
    public Integer call() throws Exception {
        return isCommand() ? submitCommand() : submitJar();
    }

    private boolean isCommand() {
        return RunCommand.standsBehindDashes(spec, words);
    }

    private int submitCommand() throws InterruptedException {
        if (words.isEmpty()) {
            throw wrong("Nothing stands behind --. Give the command that is to be run.");
        }
        if (mainClass != null) {
            throw wrong("--class is for programs in Java, and a command was given behind --.");
        }
        if (directory != null && !directory.isAbsolute()) {
            throw wrong("--directory is '" + directory + "', and must be absolute: it is a folder at the node.");
        }
        return new Submission(words, count("--gpus", gpus), count("--ports", ports), name, directory, detach, json)
                .run(context, node.address(context), node.token(context));
    }

    private int count(String option, @Nullable Integer given) {
        if (given != null && given < 0) {
            throw wrong(option + " is " + given + ", and must be at least 0.");
        }
        return given == null ? 0 : given;
    }

    private int submitJar() throws Exception {
        if (gpus != null || ports != null || name != null || directory != null || json) {
            throw wrong(
                    "--gpus, --ports, --name, --directory and --json are for a command, which stands behind --. A program"
                            + " says in its code what its jobs need.");
        }
        if (words.isEmpty() || words.get(0).startsWith("-")) {
            throw wrong(
                    words.isEmpty()
                            ? "Say which jar to submit, or which command, behind --."
                            : "Unknown option: '" + words.get(0) + "'.");
        }
        List<String> arguments = takeOptions(words.subList(1, words.size()));
        System.setProperty(NODE, node.address(context).toString());
        System.setProperty(TOKEN, node.token(context).value());
        System.setProperty(DETACHED, String.valueOf(detach));
        StopSignals.handle(context);
        new JarProgram(List.of(Path.of(words.get(0))), mainClass, spec).run(arguments);
        return Exit.OK;
    }

    /** Those of this command that stand between the jar and the program's arguments. */
    private List<String> takeOptions(List<String> given) {
        int next = 0;
        while (next < given.size()) {
            String word = given.get(next);
            if (word.equals("--detach")) {
                detach = true;
                next++;
            } else if (word.equals("--class") && next + 1 < given.size()) {
                mainClass = given.get(next + 1);
                next += 2;
            } else {
                break;
            }
        }
        return given.subList(next, given.size());
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
