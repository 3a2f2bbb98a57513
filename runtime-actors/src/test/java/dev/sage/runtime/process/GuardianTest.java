package dev.sage.runtime.process;

import static dev.sage.runtime.process.ProcessLab.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.ProcessService;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GuardianTest {
    @RegisterExtension
    final ProcessLab lab = new ProcessLab();

    @Test
    void aKilledJvmTakesItsProcessesWithIt() throws Exception {
        killTheJvm(() -> {});
    }

    @Test
    void aGuardianThatReplacedAnotherKnowsWhatThatKnew() throws Exception {
        killTheJvm(() -> {
            long first = guardians().get(0);
            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            await().atMost(LIMIT)
                    .until(() -> guardians().size() == 1 && guardians().get(0) != first);
        });
    }

    private void killTheJvm(Runnable before) throws Exception {
        int port = ProcessLab.freePort();
        Process jvm = jvm(port);
        Process bystander = new ProcessBuilder("sleep", "1000").start();
        try {
            long server = Long.parseLong(jvm.inputReader().readLine());
            Map<Long, String> relatives = lab.relatives();
            relatives.put(server, "server");
            relatives.forEach(
                    (pid, kind) -> assertThat(ProcessLab.runs(pid)).as(kind).isTrue());

            before.run();
            jvm.destroyForcibly().waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);

            await().pollInterval(Duration.ofMillis(10))
                    // A second is what the guardian aims at; this machine may be busy with other things.
                    .atMost(LIMIT)
                    .untilAsserted(() -> relatives.forEach((pid, kind) ->
                            assertThat(ProcessLab.runs(pid)).as(kind).isFalse()));
            assertThat(canBind(port)).isTrue();
            assertThat(bystander.isAlive()).isTrue();
            await().atMost(LIMIT).until(() -> guardians().isEmpty());
        } finally {
            jvm.destroyForcibly();
            bystander.destroyForcibly();
        }
    }

    @Test
    void itRunsFromTheFirstProcessToTheLastUser() throws Exception {
        assertThat(guardians()).isEmpty();
        lab.guardian.open();
        lab.guardian.open();
        ProcessHandle guardian = ProcessHandle.of(lab.guardian.pid()).orElseThrow();

        lab.guardian.close();
        assertThat(guardian.isAlive()).isTrue();
        lab.guardian.close();
        assertThat(guardian.isAlive()).isFalse();
    }

    @Test
    void anOrderlyEndEndsNoProcess() throws Exception {
        ManagedProcess service = lab.service(ProcessService.command("sleep", "1000"));
        service.start();
        lab.processes.close();

        assertThat(guardians()).isEmpty();
        assertThat(ProcessLab.runs(service.pid())).isTrue();
        service.cleanup();
    }

    @Test
    void aSignalForTheWholeGroupDoesNotEndIt() throws Exception {
        lab.guardian.open();
        await().atMost(LIMIT).until(() -> guardians().equals(List.of(lab.guardian.pid())));
        SeenProcess guardian = SeenProcess.read(lab.guardian.pid()).orElseThrow();
        assertThat(guardian.session()).isEqualTo(guardian.pid());
        await().atMost(LIMIT).until(() -> ignoresTerm(guardian.pid()));

        ProcessHandle.of(guardian.pid()).orElseThrow().destroy();

        assertThat(SeenProcess.runs(guardian.identity())).isTrue();
        lab.guardian.close();
        assertThat(SeenProcess.runs(guardian.identity())).isFalse();
    }

    @Test
    void oneThatDiesIsReplacedWithAWarning() throws Exception {
        Guardian guardian = new Guardian(lab.instance, Duration.ZERO);
        guardian.open();
        long first = guardian.pid();
        ProcessHandle.of(first).orElseThrow().destroyForcibly();

        lab.awaitWarning("The guardian of this JVM's processes, pid " + first + ", died with exit code 137");
        await().atMost(LIMIT).until(() -> guardian.pid() > 0 && guardian.pid() != first);
        guardian.close();
        assertThat(guardians()).isEmpty();
    }

    @Test
    void oneThatCannotLiveIsNotTriedAgainUntilItIsNeeded() throws Exception {
        lab.guardian.open();
        long first = lab.guardian.pid();
        ProcessHandle.of(first).orElseThrow().destroyForcibly();

        lab.awaitWarning("The guardian of this JVM's processes, pid " + first);
        assertThat(lab.guardian.pid()).isEqualTo(-1);
        lab.guardian.open();
        assertThat(lab.guardian.pid()).isPositive();
        lab.guardian.close();
        lab.guardian.close();
    }

    private Process jvm(int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        GuardedJvm.class.getName(),
                        lab.instance,
                        lab.resource("family.py").toString(),
                        lab.familyFile().toString(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private List<Long> guardians() {
        return ProcessHandle.allProcesses()
                .filter(process -> List.of(process.info().arguments().orElse(new String[0]))
                        .contains(ProcessMark.ofInstance(lab.instance)))
                .map(ProcessHandle::pid)
                .toList();
    }

    private static boolean ignoresTerm(long pid) throws IOException {
        String status = Files.readString(Path.of("/proc/" + pid + "/status"));
        String ignored = status.lines()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(ignored.substring(7).strip(), 16) & 1L << 14) != 0;
    }

    private static boolean canBind(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
