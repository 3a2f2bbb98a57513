package dev.sage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SageCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final ByteArrayOutputStream failures = new ByteArrayOutputStream();
    private final Exit exit = new Exit(code -> {}, code -> {});
    private final ClassLoader contextLoader = Thread.currentThread().getContextClassLoader();

    @TempDir
    private Path folder;

    @AfterEach
    void restore() {
        Thread.currentThread().setContextClassLoader(contextLoader);
        System.clearProperty(EchoProgram.SEEN);
    }

    @Test
    void whatIsBehindTheNameBelongsToTheProgram() {
        assertThat(sage("run", "echo", "--verbose", "--jar", "x", "-h")).isZero();
        assertThat(System.getProperty(EchoProgram.SEEN)).isEqualTo("app --verbose --jar x -h");
        assertThat(Verbosity.showsStackTraces()).isFalse();
    }

    @Test
    void anUnknownProgramIsWrongUsageWithASuggestion() {
        assertThat(sage("run", "ecko")).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("no program 'ecko'", "Did you mean 'echo'?", "The programs are: echo.");
    }

    @Test
    void aNameIsNoPath() {
        assertThat(sage("run", "../programs/echo")).isEqualTo(Exit.USAGE);
    }

    @Test
    void helpListsThePrograms() {
        assertThat(sage("run", "--help")).isZero();
        assertThat(out.toString()).contains("sage run [--verbose] NAME", "echo  Keeps what it was given.");
    }

    @Test
    void theVersionIsTold() {
        assertThat(sage("--version")).isZero();
        assertThat(out.toString()).startsWith("sage ").contains("Java ");
    }

    @Test
    void withoutACommandOrProgramItIsWrongUsage() {
        assertThat(sage()).isEqualTo(Exit.USAGE);
        assertThat(sage("run")).isEqualTo(Exit.USAGE);
        assertThat(sage("walk")).isEqualTo(Exit.USAGE);
        assertThat(sage("run", "--jra", "my.jar")).isEqualTo(Exit.USAGE);
        assertThat(sage("run", "--class", "Main")).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("Unknown option: '--jra'", "--class Main is given without --jar");
    }

    @Test
    void behindTwoDashesStandsACommandOrItIsWrongUsage() {
        assertThat(sage("run", "--")).isEqualTo(Exit.USAGE);
        assertThat(sage("run", "--gpus", "1", "--")).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("Nothing stands behind --.");
    }

    @Test
    void whatACommandIsGivenIsNotForPrograms() {
        assertThat(sage("run", "--gpus", "1", "echo")).isEqualTo(Exit.USAGE);
        assertThat(sage("run", "--ports", "1", "echo")).isEqualTo(Exit.USAGE);
        assertThat(sage("run", "--set", "sage.home=x", "--jar", "x.jar")).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("--gpus, --ports and --set are for a command, which stands behind --.");
        assertThat(System.getProperty(EchoProgram.SEEN)).isNull();
    }

    @Test
    void whatProgramsAreGivenIsNotForACommand() {
        assertThat(sage("run", "--jar", "x.jar", "--", "true")).isEqualTo(Exit.USAGE);
        assertThat(sage("run", "--class", "Main", "--", "true")).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("--jar and --class are for programs in Java");
    }

    @Test
    void twoDashesBehindTheNameBelongToTheProgram() {
        assertThat(sage("run", "echo", "--", "true")).isZero();
        assertThat(System.getProperty(EchoProgram.SEEN)).isEqualTo("app -- true");
    }

    @Test
    void aSumThatIsNoNumberOrLessThanNoneIsWrongUsage() {
        assertThat(sage("run", "--gpus", "two", "--", "true")).isEqualTo(Exit.USAGE);
        assertThat(sage("run", "--gpus", "-1", "--", "true")).isEqualTo(Exit.USAGE);
        assertThat(sage("run", "--ports", "-1", "--", "true")).isEqualTo(Exit.USAGE);
        assertThat(sage("run", "--set", "sage.home", "--", "true")).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("two", "asks for -1 GPUs", "asks for -1 ports", "KEY=VALUE");
    }

    @Test
    void helpFitsATerminalOf80Columns() {
        assertThat(sage("run", "--help")).isZero();
        assertThat(sage("check", "--help")).isZero();
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
        assertThat(out.toString()).contains("-- COMMAND [ARGUMENT...]", "sage check [--sweep] [--json]");
    }

    @Test
    void aFailureIsOneLineWithoutStackTrace() {
        assertThat(sage("run", "echo", "--fail")).isEqualTo(Exit.FAILURE);
        assertThat(failures()).isEqualToNormalizingNewlines("sage: input.txt: no such file or folder\n");
    }

    @Test
    void anErrorIsAFailureToo() {
        assertThat(sage("run", "echo", "--error")).isEqualTo(Exit.FAILURE);
        assertThat(failures())
                .startsWith("sage: java.lang.StackOverflowError: too deep")
                .hasLineCount(1);
    }

    @Test
    void aFailureAfterASignalSaysNothing() {
        exit.settle(130);

        assertThat(sage("run", "echo", "--fail")).isEqualTo(Exit.FAILURE);
        assertThat(failures()).isEmpty();
    }

    @Test
    void aJarIsRunFromItsOwnClassLoader() throws IOException {
        Path jar = jar(EchoProgram.class.getName());

        assertThat(sage("run", "--jar", jar.toString(), "a", "--b")).isZero();
        assertThat(System.getProperty(EchoProgram.SEEN)).isEqualTo("user a --b");
    }

    @Test
    void theClassOptionOverridesTheManifest() throws IOException {
        Path jar = jar("com.example.Other");

        assertThat(sage("run", "--jar", jar.toString(), "--class", EchoProgram.class.getName()))
                .isZero();
        assertThat(System.getProperty(EchoProgram.SEEN)).isEqualTo("user ");
    }

    @Test
    void aJarWithoutAMainClassIsWrongUsage() throws IOException {
        assertThat(sage("run", "--jar", jar(null).toString())).isEqualTo(Exit.USAGE);
        assertThat(sage("run", "--jar", jar("com.example.Missing").toString())).isEqualTo(Exit.USAGE);
        assertThat(sage("run", "--jar", jar(ExitTest.class.getName()).toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(err.toString())
                .contains("names no Main-Class", "com.example.Missing: there is no such class", "it has no method");
    }

    @Test
    void aMissingJarIsAFailure() {
        assertThat(sage("run", "--jar", "missing.jar")).isEqualTo(Exit.FAILURE);
        assertThat(failures()).isEqualToNormalizingNewlines("sage: missing.jar: no such file or folder\n");
    }

    private int sage(String... args) {
        PrintStream stream = new PrintStream(failures, true, StandardCharsets.UTF_8);
        Context context = new Context(
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                stream,
                stream,
                exit,
                Clock.systemUTC(),
                (name, action) -> {});
        CommandLine command = SageCommand.commandLine(new FailureLine(exit, stream), context, List.of(args));
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(args);
    }

    private String failures() {
        return failures.toString(StandardCharsets.UTF_8);
    }

    /** With one class, that of the program. */
    private Path jar(String mainClass) throws IOException {
        Path jar = Files.createTempFile(folder, "program", ".jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (mainClass != null) {
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        }
        String entry = EchoProgram.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file, manifest);
                InputStream bytes = EchoProgram.class.getResourceAsStream("/" + entry)) {
            entries.putNextEntry(new JarEntry(entry));
            bytes.transferTo(entries);
        }
        return jar;
    }
}
