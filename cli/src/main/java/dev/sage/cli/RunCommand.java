package dev.sage.cli;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.ProcessService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sage run}: a program with a name, a main class from the user's own jar, or a command of the system. */
@Command(
        addMethodSubcommands = false,
        name = "run",
        sortOptions = false,
        description = {
            "%nRuns a program in this JVM, until its main method returns: one of those listed below, or the main class of"
                    + " your own jar. Options of Sage stand before NAME; all that is behind goes to the program.",
            "%nBehind -- stands a command of the system. It is run as a job: with the GPUs and ports that it asks for,"
                    + " which nobody else has meanwhile, and with all that it starts gone when it ends. {port} and {gpu}"
                    + " in its arguments stand for what it was given. The exit code is that of the command, and 127 when"
                    + " it cannot be started.%n"
        },
        customSynopsis = {
            "sage run [--verbose] NAME [ARGUMENT...]",
            "       sage run [--verbose] --jar FILE... [--class CLASS] [ARGUMENT...]",
            "       sage run [--verbose] [--gpus N] [--ports N] [--set KEY=VALUE]...",
            "                -- COMMAND [ARGUMENT...]"
        })
final class RunCommand implements Callable<Integer> {
    private static final String UNFINISHED_OUTPUT =
            "Standard output could not be written to its end. Maybe the disk is full, or its reader has gone.";

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "A jar with your program. More than one: the main class is in the first.")
    private List<Path> jars = new ArrayList<>();

    @Option(
            names = "--class",
            paramLabel = "CLASS",
            description = "The class whose main method is run. Without it: Main-Class of the jar's manifest.")
    private @Nullable String mainClass;

    @Option(
            names = "--gpus",
            paramLabel = "N",
            description = "GPUs for the command; 0 when not given. Those to be shared out are named by sage.gpus.ids.")
    private @Nullable Integer gpus;

    @Option(
            names = "--ports",
            paramLabel = "N",
            description = "Ports for the command; 1 when not given and {port} is in its arguments.")
    private @Nullable Integer ports;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "For example sage.gpus.ids=0-3: a setting for the command. For programs: SAGE_JAVA_OPTS=-DKEY=VALUE.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Parameters(hidden = true)
    private List<String> words = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    private final Context context;

    private RunCommand(Context context) {
        this.context = context;
    }

    static CommandLine commandLine(Context context) {
        CommandLine run = new CommandLine(new RunCommand(context));
        // Behind its NAME everything belongs to the program, options too.
        run.setStopAtPositional(true);
        run.setUnmatchedOptionsArePositionalParams(true);
        run.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, RunCommand::footer);
        return run;
    }

    @Option(
            names = {"-v", "--verbose"},
            description = "Show stack traces, and log from level INFO, as SAGE_DEBUG=1 does too. SAGE_LOG=debug sets"
                    + " another level.")
    void verbose(boolean verbose) {
        if (verbose) {
            Verbosity.raise();
        }
    }

    @Override
    public Integer call() throws Exception {
        StopSignals.handle(context);
        int code = Exit.OK;
        if (standsBehindDashes(spec, words)) {
            code = runCommand();
        } else if (gpus != null || ports != null || !settings.isEmpty()) {
            throw wrong(
                    "--gpus, --ports and --set are for a command, which stands behind --. A program says in its code"
                            + " what its jobs need.");
        } else if (jars.isEmpty()) {
            runNamed();
        } else {
            new JarProgram(jars, mainClass, spec).run(words);
        }
        if (System.out.checkError()) {
            throw new IOException(UNFINISHED_OUTPUT);
        }
        return code;
    }

    /** Whether -- stood before the words; those of a program may well contain one of their own. */
    static boolean standsBehindDashes(CommandSpec spec, List<String> words) {
        List<String> given = spec.commandLine().getParseResult().originalArgs();
        int first = given.size() - words.size();
        return first > 0 && given.get(first - 1).equals("--");
    }

    private int runCommand() throws InterruptedException {
        if (words.isEmpty()) {
            throw wrong("Nothing stands behind --. Give the command that is to be run.");
        }
        if (!jars.isEmpty() || mainClass != null) {
            throw wrong("--jar and --class are for programs in Java, and a command was given behind --.");
        }
        return new CommandProgram(asked(), settings, System.out, System.err).run();
    }

    private ProcessService asked() {
        try {
            ProcessService program = ProcessService.command(words).gpus(gpus == null ? 0 : gpus);
            return ports == null ? program : program.ports(ports);
        } catch (InvalidGraphException impossible) {
            throw wrong(String.valueOf(impossible.getMessage()));
        }
    }

    private void runNamed() throws Exception {
        if (mainClass != null) {
            throw wrong("--class " + mainClass + " is given without --jar, the jar that it is in.");
        }
        if (words.isEmpty()) {
            throw wrong("Say which program to run, or give your own with --jar.");
        }
        String name = words.get(0);
        if (name.startsWith("-")) {
            throw wrong("Unknown option: '" + name + "'.");
        }
        Program program = Programs.find(name).orElseThrow(() -> wrong(unknown(name)));
        ClassLoader loader = RunCommand.class.getClassLoader();
        JarProgram.mainOf(program.mainClass(), loader, spec).run(words.subList(1, words.size()));
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    private static String unknown(String name) {
        List<String> names = Programs.all().stream().map(Program::name).toList();
        String meant = Nearest.to(name, names)
                .map(near -> " Did you mean '" + near + "'?")
                .orElse("");
        return "There is no program '" + name + "'." + meant + " The programs are: " + String.join(", ", names) + ".";
    }

    /** Below the help; made only when somebody asks for that, as it opens each jar of the class path. */
    private static String footer(CommandLine.Help help) {
        List<Program> programs = Programs.all();
        int names = 4
                + programs.stream()
                        .mapToInt(program -> program.name().length())
                        .max()
                        .orElse(0);
        int width = help.commandSpec().usageMessage().width();
        TextTable table = TextTable.forColumns(
                help.colorScheme(),
                new Column(names, 2, Column.Overflow.TRUNCATE),
                new Column(width - names, 0, Column.Overflow.WRAP));
        programs.forEach(program -> table.addRowValues(program.name(), program.summary()));
        return """

                Programs, each with a --help of its own:
                %s
                Examples:
                  sage run word-count --input README.md --top 10
                  sage run --ports 1 -- python3 -m http.server --bind 127.0.0.1 {port}
                """.formatted(table).replace("\n", System.lineSeparator());
    }
}
