package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.acceptance.kill.Marked;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A main class in a JVM of its own, on the class path of the tests, with what it said. */
final class Jvm implements AutoCloseable {
    static final Duration BOUND = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Thread listener;

    private Jvm(Process process) {
        this.process = process;
        listener = new Thread(this::listen, "output-of-" + process.pid());
        listener.setDaemon(true);
        listener.start();
    }

    /** One that logs what a user sees. */
    static Jvm startClient(NodeProcess node, Class<?> main, String... arguments) throws IOException {
        List<String> all =
                new ArrayList<>(List.of(Integer.toString(node.address().port())));
        all.addAll(List.of(arguments));
        return start(
                UUID.randomUUID().toString(),
                node.home(),
                List.of("-Dlogback.configurationFile=node/client-logback.xml"),
                main,
                all);
    }

    /** @param mark by which all that comes from it is known, {@link Marked} */
    static Jvm start(String mark, Path home, List<String> options, Class<?> main, List<String> arguments)
            throws IOException {
        // A shell that runs the tests in the background makes them, and so all that they start, ignore SIGINT.
        List<String> line = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path")));
        line.addAll(options);
        line.add(main.getName());
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put(Marked.VARIABLE, mark);
        environment.put("SAGE_HOME", home.toString());
        environment.remove("SAGE_TOKEN");
        return new Jvm(builder.start());
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(said::add);
        } catch (IOException | UncheckedIOException killed) {
            said.add("(the rest was cut off: " + killed.getMessage() + ")");
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** All that it has said; after its end, all that it said. */
    List<String> said() {
        return List.copyOf(said);
    }

    /** The first line that begins so; fails when the program ends without. */
    String awaitLine(String begin) {
        Awaitility.await("a line '" + begin + "…'")
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> hasSaid(begin) || !listener.isAlive());
        return said.stream()
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No line '" + begin + "…' from " + this));
    }

    private boolean hasSaid(String begin) {
        return said.stream().anyMatch(line -> line.startsWith(begin));
    }

    void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                        .start()
                        .waitFor())
                .as("kill -%s: %s", name, this)
                .isZero();
    }

    boolean endsWithin(long milliseconds) throws InterruptedException {
        return process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    }

    int awaitExit(Duration within) throws InterruptedException {
        assertThat(process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS))
                .as("it ends within %s: %s", within, this)
                .isTrue();
        listener.join(BOUND.toMillis());
        return process.exitValue();
    }

    /** With -9, where it has not ended. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return "program " + pid() + ", which said\n  " + String.join("\n  ", said);
    }
}
