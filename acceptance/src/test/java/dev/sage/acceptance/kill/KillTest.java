package dev.sage.acceptance.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessService;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills with -9, at a random moment, a Sage program, its guardian or one of its processes, and looks at what is left: by
 * a variable in the environment of all that the program started, which Sage knows nothing of.
 */
@EnabledOnOs(OS.LINUX)
class KillTest {
    private static final int ROUNDS = Integer.getInteger("sage.test.kills", 10);
    private static final long SEED = Long.getLong("sage.test.seed", System.nanoTime());
    private static final List<Victim> VICTIMS = List.of(Victim.values());
    private static final int LONGEST_LIFE_MS = 2_500;
    private static final int EXIT_LIMIT_S = 60;
    /** A second is what the guardian has; the machine of a test may be slow. */
    private static final Duration GONE_LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final List<Long> goneAfterMs = new ArrayList<>();

    @Test
    void whateverIsKilledNothingIsLeft() throws Exception {
        Random random = new Random(SEED);
        Path server = folder.resolve("server.py");
        try (var script = KillTest.class.getResourceAsStream("/kill/server.py")) {
            Files.write(server, script.readAllBytes());
        }
        for (int round = 0; round < ROUNDS; round++) {
            Victim victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
            int afterMs = random.nextInt(LONGEST_LIFE_MS);
            try {
                play(server, victim, afterMs);
            } catch (Exception | AssertionError failure) {
                throw new AssertionError(
                        "Round " + round + ", " + victim + " killed after " + afterMs + " ms; run it again with"
                                + " -Dsage.test.seed=" + SEED,
                        failure);
            }
        }
        System.out.println("kill -9, until the last process was gone, in ms: " + goneAfterMs);
    }

    private void play(Path server, Victim victim, int afterMs) throws Exception {
        String round = UUID.randomUUID().toString();
        Path home = folder.resolve("home");
        Path locks = folder.resolve("locks");
        Process program = start(round, home, locks, server);
        Set<Integer> ports = new TreeSet<>();
        try {
            awaitLine(program, "submitting");
            program.waitFor(afterMs, TimeUnit.MILLISECONDS);
            List<Marked> seen = Marked.of(round);
            portsIn(seen, ports);
            kill(victim, program, seen);
            boolean endsByItself = victim == Victim.SERVER || victim == Victim.COMMAND;
            if (!endsByItself || !program.waitFor(EXIT_LIMIT_S, TimeUnit.SECONDS)) {
                assertThat(endsByItself)
                        .as("the program goes on after " + victim + " was killed")
                        .isFalse();
                portsIn(Marked.of(round), ports);
                program.destroyForcibly();
            }
            assertThat(program.waitFor(EXIT_LIMIT_S, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isNotZero();
            long killedNs = System.nanoTime();
            if (victim != Victim.JVM_AND_GUARDIAN) {
                awaitGone(round);
                goneAfterMs.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNs));
            }
            nextProgramHasEverything(home, locks);
            awaitGone(round);
            for (int port : ports) {
                new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            }
            assertThat(filesIn(home.resolve("ledger"))).isEmpty();
        } finally {
            program.destroyForcibly();
            Marked.of(round).forEach(Marked::kill);
        }
    }

    private static Process start(String round, Path home, Path locks, Path server) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KillProgram.class.getName(),
                home.toString(),
                locks.toString(),
                server.toString());
        builder.environment().put(Marked.VARIABLE, round);
        builder.redirectErrorStream(true);
        return builder.start();
    }

    /** What the program says else is read too, so that it never waits for that. */
    private static void awaitLine(Process program, String expected) throws IOException {
        BufferedReader lines = program.inputReader();
        List<String> seen = new ArrayList<>();
        String line = lines.readLine();
        while (line != null && !line.equals(expected)) {
            seen.add(line);
            line = lines.readLine();
        }
        assertThat(line).as("the program said " + seen).isNotNull();
        Thread rest = new Thread(() -> lines.lines().forEach(ignored -> {}), "output-of-" + program.pid());
        rest.setDaemon(true);
        rest.start();
    }

    /** One that is not there at this moment is replaced by the program itself. */
    private static void kill(Victim victim, Process program, List<Marked> seen) {
        List<Marked> victims = seen.stream()
                .filter(process -> process.pid() != program.pid() && isHit(victim, process, program.pid()))
                .toList();
        if (victim == Victim.JVM || victim == Victim.JVM_AND_GUARDIAN || victims.isEmpty()) {
            program.destroyForcibly();
        }
        victims.forEach(Marked::kill);
    }

    private static boolean isHit(Victim victim, Marked process, long program) {
        return switch (victim) {
            case JVM -> false;
            case JVM_AND_GUARDIAN, GUARDIAN -> process.owner().isEmpty();
            case SERVER -> process.holds("server") && process.parent() == program;
            case CHILD -> process.holds("server") && process.parent() != program;
            case COMMAND -> process.holds("trainer");
        };
    }

    private static void portsIn(List<Marked> processes, Set<Integer> ports) {
        processes.stream()
                .filter(process -> process.holds("server") && process.command().size() == 3)
                .forEach(process -> ports.add(Integer.valueOf(process.command().get(2))));
    }

    private static void awaitGone(String round) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .atMost(GONE_LIMIT)
                .untilAsserted(() -> assertThat(Marked.of(round)).isEmpty());
    }

    /** Its start sweeps what was left; then all GPUs must be free. */
    private static void nextProgramHasEverything(Path home, Path locks) throws InterruptedException {
        Map<String, String> settings = Map.of(
                "sage.home",
                home.toString(),
                "sage.locks-folder",
                locks.toString(),
                "sage.gpus.ids",
                "0-3",
                "sage.gpus.idle-check.when",
                "off");
        try (LocalEnvironment env = LocalEnvironment.create("next", settings)) {
            env.command("all", ProcessService.command("true").gpus(4));
            JobResult result = env.run();
            assertThat(result.state()).isEqualTo(JobState.COMPLETED);
            assertThat(result.clean()).isTrue();
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
