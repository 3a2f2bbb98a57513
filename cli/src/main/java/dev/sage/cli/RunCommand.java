package dev.sage.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sage run}: a program with a name, or a main class from the user's own jar. */
@Command(
        name = "run",
        description = {
            "Runs a program in this JVM, until its main method returns: one of the programs listed below, or the main"
                    + " class of your own jar. Options of Sage stand before NAME; all that is behind goes to the program."
        },
        customSynopsis = {
            "sage run [--verbose] NAME [ARGUMENT...]",
            "       sage run [--verbose] --jar FILE... [--class CLASS] [ARGUMENT...]"
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
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Parameters(hidden = true)
    private List<String> words = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    static CommandLine commandLine() {
        CommandLine run = new CommandLine(new RunCommand());
        // Behind its NAME everything belongs to the program, options too.
        run.setStopAtPositional(true);
        run.setUnmatchedOptionsArePositionalParams(true);
        run.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> listOfPrograms());
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
        if (jars.isEmpty()) {
            runNamed();
        } else {
            runJar();
        }
        if (System.out.checkError()) {
            throw new IOException(UNFINISHED_OUTPUT);
        }
        return Exit.OK;
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
        mainOf(program.mainClass(), loader).run(words.subList(1, words.size()));
    }

    private void runJar() throws Exception {
        UserJars user = UserJars.open(jars, RunCommand.class.getClassLoader());
        String name = mainClass != null
                ? mainClass
                : user.mainClass()
                        .orElseThrow(() -> wrong("The manifest of " + jars.get(0)
                                + " names no Main-Class. Say which class to run with --class."));
        mainOf(name, user.loader()).run(words);
    }

    private MainMethod mainOf(String className, ClassLoader loader) {
        try {
            return MainMethod.of(className, loader);
        } catch (ReflectiveOperationException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "Cannot run " + className + ": " + whyNot(e), e);
        }
    }

    private static String whyNot(ReflectiveOperationException e) {
        return e instanceof ClassNotFoundException
                ? "there is no such class."
                : "it has no method 'public static void main(String[])'.";
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

    /** Goes below the help; made only when somebody asks for that, as it opens each jar of the class path. */
    private static String listOfPrograms() {
        List<Program> programs = Programs.all();
        int width = programs.stream()
                .mapToInt(program -> program.name().length())
                .max()
                .orElse(0);
        StringBuilder text =
                new StringBuilder(System.lineSeparator()).append("Programs:").append(System.lineSeparator());
        for (Program program : programs) {
            text.append("  ")
                    .append(program.name())
                    .append(" ".repeat(width - program.name().length() + 2));
            text.append(program.summary()).append(System.lineSeparator());
        }
        return text.append(System.lineSeparator())
                .append("'sage run NAME --help' tells the options of a program.")
                .append(System.lineSeparator())
                .toString();
    }
}
