package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code bin/sage} in a process of its own, on the Java that the tests run on. */
final class SageProcess implements AutoCloseable {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path COMMAND = ROOT.resolve("bin/sage");
    private static final long LIMIT_S = 100;

    private final Process process;
    private final BufferedReader out;
    private final BufferedReader err;
    private boolean outClosed;

    private SageProcess(Process process) {
        this.process = process;
        this.out = process.inputReader();
        this.err = process.errorReader();
    }

    /** Whether the jars are there; {@code mvn test} alone does not make them, {@code verify} does. */
    static boolean isBuilt() {
        return Files.isDirectory(ROOT.resolve("target/dist/lib"));
    }

    /** Skips the test where the jars are not there; the first start after a build takes longer, and says so. */
    static void prepare() throws IOException, InterruptedException {
        assumeTrue(isBuilt(), "the jars of bin/sage");
        try (SageProcess process = start(ROOT, "--version")) {
            assertThat(process.ended().code()).isZero();
        }
    }

    static Path root() {
        return ROOT;
    }

    static SageProcess start(Path folder, String... arguments) throws IOException {
        return start(folder, List.of(COMMAND.toString()), arguments);
    }

    /** @param command what becomes sage, for example by a symbolic link or with other limits */
    static SageProcess start(Path folder, List<String> command, String... arguments) throws IOException {
        // A shell that runs the tests in the background makes them, and so all that they start, ignore SIGINT.
        List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT"));
        line.addAll(command);
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SAGE_NO_BUILD", "true");
        builder.redirectInput(new File("/dev/null"));
        return new SageProcess(builder.start());
    }

    static Path command() {
        return COMMAND;
    }

    /** Blocks until such a line comes on standard output; fails when the output ends without. */
    void awaitOut(String expected) throws IOException {
        await(out, expected);
    }

    /** The same for standard error. */
    void awaitErr(String expected) throws IOException {
        await(err, expected);
    }

    /** The next line of standard output; fails at its end. */
    String nextOut() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("Nothing more came, but on standard error " + rest(err));
        }
        return line;
    }

    /** All of standard output that has not been read yet. */
    List<String> restOfOut() {
        return rest(out);
    }

    /** Nobody reads it any more. */
    void closeOut() throws IOException {
        out.close();
        outClosed = true;
    }

    private static void await(BufferedReader lines, String expected) throws IOException {
        List<String> seen = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(expected)) {
                return;
            }
            seen.add(line);
        }
        throw new AssertionError("Nothing with '" + expected + "' came, only " + seen);
    }

    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + " ended with " + code);
        }
    }

    /** Waits for the end; the outputs are what has not been read yet. They are small enough for a pipe. */
    Ended ended() throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
            throw new AssertionError("sage has not ended after " + LIMIT_S + " s.");
        }
        return new Ended(process.exitValue(), outClosed ? List.of() : rest(out), rest(err));
    }

    private static List<String> rest(BufferedReader lines) {
        return lines.lines().toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    record Ended(int code, List<String> out, List<String> err) {}
}
