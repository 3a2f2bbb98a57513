package dev.sage.acceptance.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A {@link KillProgram} in a JVM of its own. What came from it is known by a variable that Sage knows nothing of. */
final class Child implements AutoCloseable {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final String mark;
    private final Process process;
    private final boolean isNeighbour;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final CountDownLatch submitting = new CountDownLatch(1);
    private final Set<Integer> ports = new TreeSet<>();

    private Child(String mark, Process process, boolean isNeighbour) {
        this.mark = mark;
        this.process = process;
        this.isNeighbour = isNeighbour;
        Thread output = new Thread(this::listen, "output-of-" + process.pid());
        output.setDaemon(true);
        output.start();
    }

    static Child start(Site site, boolean isNeighbour) throws IOException {
        String mark = UUID.randomUUID().toString();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + site.temporary(),
                "-cp",
                System.getProperty("java.class.path"),
                KillProgram.class.getName(),
                site.folder().toString(),
                Boolean.toString(isNeighbour));
        builder.environment().put(Marked.VARIABLE, mark);
        builder.environment().put("TMPDIR", site.temporary().toString());
        return new Child(mark, builder.redirectErrorStream(true).start(), isNeighbour);
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(line -> {
                said.add(line);
                if (line.equals(KillProgram.SUBMITTING)) {
                    submitting.countDown();
                }
            });
        } catch (IOException | UncheckedIOException killed) {
            said.add("(the rest was cut off: " + killed.getMessage() + ")");
        }
    }

    void awaitSubmitting() throws InterruptedException {
        assertThat(submitting.await(BOUND.toSeconds(), TimeUnit.SECONDS))
                .as(this::toString)
                .isTrue();
    }

    /** Tasks start when the services can be called, so that nothing is missing when the last task has begun. */
    void awaitRunning() {
        await("running")
                .until(() -> isNeighbour
                        ? processes().stream().filter(Child::isServer).count() == 3
                        : processes().stream().anyMatch(one -> one.holds("trainer")));
    }

    private ConditionFactory await(String what) {
        return Awaitility.await(what + ": " + this).atMost(BOUND).pollInterval(Duration.ofMillis(10));
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** All that came from it, and itself. */
    List<Marked> processes() throws IOException {
        List<Marked> seen = Marked.of(mark);
        seen.stream()
                .filter(Child::isServer)
                .forEach(one -> ports.add(Integer.valueOf(one.command().get(2))));
        return seen;
    }

    /** Python may be a script that looks for the right one first. */
    private static boolean isServer(Marked one) {
        List<String> command = one.command();
        return one.holds("server")
                && command.size() == 3
                && command.get(0).endsWith("python3")
                && command.get(1).endsWith("server.py");
    }

    Optional<Marked> server() throws IOException {
        return processes().stream()
                .filter(one -> one.holds("server") && one.parent() == pid())
                .findFirst();
    }

    List<Marked> guardians() throws IOException {
        return processes().stream()
                .filter(one -> one.command().contains("sage-guardian"))
                .toList();
    }

    void awaitGuardianBut(Marked dead) {
        await("another guardian").until(() -> guardians().stream().anyMatch(one -> one.pid() != dead.pid()));
    }

    /** Those on which its servers were seen to listen. */
    Set<Integer> ports() {
        return ports;
    }

    void terminate() {
        process.destroy();
    }

    void kill() {
        process.destroyForcibly();
    }

    /** From now on it notices nothing. */
    void freeze() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    boolean endsWithin(long milliseconds) throws InterruptedException {
        return process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    }

    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS))
                .as("it ends: %s", this)
                .isTrue();
        return process.exitValue();
    }

    void awaitGone(Duration within) {
        Awaitility.await(toString())
                .pollInterval(Duration.ofMillis(10))
                .atMost(within)
                .untilAsserted(() -> assertThat(processes()).isEmpty());
    }

    @Override
    public void close() throws IOException {
        kill();
        Marked.of(mark).forEach(Marked::kill);
    }

    @Override
    public String toString() {
        return "program " + pid() + ", which said\n  " + String.join("\n  ", said);
    }
}
