package dev.sage.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * A program of the user's own.
 *
 * @param jars the first has the main class
 * @param mainClass null for the one that the manifest of the first jar names
 * @param spec of the command that runs it, for wrong usage
 */
record JarProgram(List<Path> jars, @Nullable String mainClass, CommandSpec spec) {

    /** Blocks until its main method returns; throws what that throws. */
    void run(List<String> arguments) throws Exception {
        UserJars user = UserJars.open(jars, JarProgram.class.getClassLoader());
        String name = mainClass != null
                ? mainClass
                : user.mainClass()
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "The manifest of " + jars.get(0)
                                        + " names no Main-Class. Say which class to run with --class."));
        mainOf(name, user.loader(), spec).run(arguments);
    }

    static MainMethod mainOf(String className, ClassLoader loader, CommandSpec spec) {
        try {
            return MainMethod.of(className, loader);
        } catch (ReflectiveOperationException e) {
            throw new ParameterException(spec.commandLine(), "Cannot run " + className + ": " + whyNot(e), e);
        }
    }

    private static String whyNot(ReflectiveOperationException e) {
        return e instanceof ClassNotFoundException
                ? "there is no such class."
                : "it has no method 'public static void main(String[])'.";
    }
}
