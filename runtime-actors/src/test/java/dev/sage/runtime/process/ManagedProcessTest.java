package dev.sage.runtime.process;

import static dev.sage.runtime.process.ProcessLab.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.ProcessEndpoint.Reply;
import dev.sage.api.ProcessService;
import dev.sage.api.SageException;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceException;
import dev.sage.runtime.dataplane.BlockingCall;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ManagedProcessTest {
    @RegisterExtension
    final ProcessLab lab = new ProcessLab();

    private final CompletableFuture<Throwable> death = new CompletableFuture<>();

    @Test
    void aServerIsCalledAndEndedWithAllItsRelatives() throws Exception {
        int port = ProcessLab.freePort();
        ManagedProcess service = start(lab.family().readyOn("/health"), port);
        Map<Long, String> relatives = lab.relatives();

        assertThat(service.get("/x", Object.class)).isEqualTo(Map.of("path", "/x"));
        assertThat(service.post("/", List.of(1, 2), Object.class)).isEqualTo(List.of(1, 2));
        assertThat(service.request("PATCH", "/", "text")).isEqualTo(new Reply(200, "text"));
        assertThat(service.request("GET", "/missing", null).status()).isEqualTo(404);
        assertThat(service.address()).isEqualTo(URI.create("http://127.0.0.1:" + port));
        assertThat(ProcessLab.runs(service.pid())).isTrue();

        service.stop();
        relatives.forEach(
                (pid, kind) -> assertThat(ProcessLab.runs(pid)).as(kind).isFalse());
        assertThat(lab.ledger.events).containsExactly("intend", "spawned");
        service.cleanup();
        assertThat(lab.ledger.events).containsExactly("intend", "spawned", "struck");
        assertThat(death).isNotDone();
    }

    @Test
    void aCleanUpWithoutAStopLeavesNothingEither() throws Exception {
        ManagedProcess service = start(lab.family(), ProcessLab.freePort());
        Map<Long, String> relatives = lab.relatives();

        service.cleanup();
        service.cleanup();

        relatives.forEach(
                (pid, kind) -> assertThat(ProcessLab.runs(pid)).as(kind).isFalse());
        assertThat(lab.ledger.events).containsExactly("intend", "spawned", "struck");
    }

    @Test
    void anUnexpectedExitIsToldAtOnceWithItsCodeAndLastLines() throws Exception {
        ManagedProcess service = start(lab.family(), ProcessLab.freePort());
        Map<Long, String> relatives = lab.relatives();
        assertThatThrownBy(() -> service.request("GET", "/exit", null)).isInstanceOf(IOException.class);

        assertThat(death.get(2, TimeUnit.SECONDS))
                .hasMessageContaining("ended while it was needed with exit code 3. It wrote last:")
                .hasMessageContaining("last words")
                .hasMessageContaining(lab.folder.resolve("it.log").toString());
        service.stop();
        service.cleanup();
        relatives.forEach(
                (pid, kind) -> assertThat(ProcessLab.runs(pid)).as(kind).isFalse());
    }

    @Test
    void aKillBySomebodyElseIsToldByTheSignal() throws Exception {
        ManagedProcess service = start(ProcessService.command("sleep", "1000"));
        ProcessHandle.of(service.pid()).orElseThrow().destroyForcibly();

        assertThat(death.get(2, TimeUnit.SECONDS))
                .hasMessageContaining("exit code 137, which stands for the signal KILL. It wrote nothing.");
        service.cleanup();
    }

    @Test
    void aProgramThatEndsBeforeItIsReadyFailsItsStartAtOnce() {
        ProcessService broken = shell("echo cannot load the model; exit 7").readyOnPort();

        long before = System.nanoTime();
        assertThatThrownBy(() -> start(broken, ProcessLab.freePort()))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("ended before it was ready with exit code 7")
                .hasMessageContaining("cannot load the model");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(lab.ledger.events).containsExactly("intend", "spawned", "struck");
    }

    @Test
    void aProgramThatIsNotReadyInTimeFailsItsStart() throws Exception {
        ProcessService late = shell("echo loading; sleep 1000").readyOnPort().readyWithin(Duration.ofMillis(500));
        int port = ProcessLab.freePort();

        assertThatThrownBy(() -> start(late, port))
                .hasMessageContaining("was not ready within PT0.5S: 127.0.0.1:" + port + " took no connection")
                .hasMessageContaining("loading");
    }

    @Test
    void aStatusOtherThanTwoHundredIsNotReady() throws Exception {
        ProcessService unwell = lab.family().readyOn("/missing").readyWithin(Duration.ofSeconds(3));

        assertThatThrownBy(() -> start(unwell, ProcessLab.freePort())).hasMessageContaining("the last answer was 404");
    }

    @Test
    void aServerThatHangsOnceIsAskedAgain() throws Exception {
        ProcessService slow = lab.family().readyOn("/slow").readyWithin(Duration.ofSeconds(3));

        assertThatThrownBy(() -> start(slow, ProcessLab.freePort()))
                .hasMessageContaining("was not ready within PT3S")
                .hasMessageContaining("did not answer in time");
    }

    @Test
    void aLineOfOutputMakesItReady() throws Exception {
        ManagedProcess service = start(shell("echo almost; echo model is ready now >&2; exec sleep 1000")
                .readyOnOutput("is ready"));

        assertThat(service.output().lastLines()).contains("model is ready now");
        service.stop();
        service.cleanup();
    }

    @Test
    void anInterruptEndsTheWaitForReadiness() throws Exception {
        ManagedProcess service = lab.service(lab.family().readyOn("/slow"), ProcessLab.freePort());
        service.init(context());
        BlockingCall<Boolean> start = lab.threads.submit(() -> {
            service.start();
            return true;
        });
        lab.relatives();
        start.interrupt();

        assertThatThrownBy(() -> start.result().toCompletableFuture().get(2, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        service.cleanup();
    }

    @Test
    void aProgramIsToldWhatItWasGiven() throws Exception {
        Path told = lab.folder.resolve("told");
        ProcessService program = shell("echo $1 $2 $CUDA_VISIBLE_DEVICES $OWN $SAGE_OWNER; pwd; echo ready")
                .directory(lab.folder)
                .env("OWN", "p{port}")
                .gpus(2)
                .ports(2)
                .readyOnOutput("ready");
        program = new ProcessService(
                Stream.concat(program.command().stream(), Stream.of("{ports}", "{gpu}"))
                        .toList(),
                program.environment(),
                program.directory(),
                program.gpus(),
                program.givenPorts(),
                program.readiness(),
                program.readyWithin(),
                program.health(),
                program.stopWithin());
        int port = ProcessLab.freePort();
        ProcessGrant grant =
                new ProcessGrant(lab.mark("it"), List.of(port, port), List.of(4, 5), true, told, line -> {});
        ManagedProcess service = lab.processes.service(program, grant, lab.ledger, LIMIT);
        try {
            service.start();
        } catch (SageException endedAsSoonAsItWasReady) {
            assertThat(endedAsSoonAsItWasReady.code()).isEqualTo("process.exited");
        }
        service.cleanup();

        assertThat(Files.readString(told))
                .startsWith(port + "," + port + " 4,5 4,5 p" + port + " ")
                .contains(lab.mark("it").text() + "\n" + lab.folder.toRealPath() + "\n");
    }

    @Test
    void aProgramWithoutGpusIsShownNoneWhereTheyAreShared() throws Exception {
        ProcessService program = shell("echo ${CUDA_VISIBLE_DEVICES-unset}");
        for (boolean shared : List.of(true, false)) {
            Path log = lab.folder.resolve("shared-" + shared);
            ProcessGrant grant = new ProcessGrant(lab.mark("it"), List.of(), List.of(), shared, log, line -> {});
            lab.processes.command(program, grant, lab.ledger).run();
            assertThat(log).content().isEqualTo(shared ? "\n" : "unset\n");
        }
    }

    @Test
    void aProgramThatIsNotThereIsNamedWithThePath() throws Exception {
        assertThatThrownBy(() -> start(ProcessService.command("no-such-program")))
                .isInstanceOf(SageException.class)
                .hasMessage("Program 'no-such-program' cannot be started: it was not found in PATH, which is "
                        + System.getenv("PATH") + ". Install it, or name it with its folder.");
        Path file = Files.createFile(lab.folder.resolve("plain"));
        assertThatThrownBy(() -> start(ProcessService.command(file.toString())))
                .hasMessageContaining(file + " is not executable");
        assertThatThrownBy(() -> start(ProcessService.command("./nothing").directory(lab.folder)))
                .hasMessageContaining("there is no file " + lab.folder.resolve("./nothing"));
        assertThatThrownBy(() -> start(ProcessService.command("sleep", "1").directory(lab.folder.resolve("gone"))))
                .hasMessageContaining("its directory " + lab.folder.resolve("gone") + " does not exist");
        assertThat(lab.ledger.events).isEmpty();
        assertThat(lab.guardian.pid()).isEqualTo(-1);
    }

    @Test
    void aScriptRunsByItsRelativeName() throws Exception {
        Path script = lab.folder.resolve("run.sh");
        Files.writeString(script, "#!/bin/sh\necho ran $0\nexec sleep 1000\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();

        ManagedProcess service =
                start(ProcessService.command("./run.sh").directory(lab.folder).readyOnOutput("ran"));
        service.stop();
        service.cleanup();
    }

    @Test
    void aFailedHealthCheckIsItsDeath() throws Exception {
        ManagedProcess service =
                start(lab.family().readyOn("/").healthCheck("/health", Duration.ofSeconds(1)), ProcessLab.freePort());
        assertThat(service.get("/", Object.class)).isNotNull();
        assertThat(death).isNotDone();

        Process stop = new ProcessBuilder("sh", "-c", "kill -STOP " + service.pid()).start();
        assertThat(stop.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(death.get(5, TimeUnit.SECONDS))
                .hasMessageContaining("is not well. The health check GET http://127.0");
        service.stop();
        service.cleanup();
    }

    @Test
    void aHealthCheckThatIsAnsweredIsNoDeath() throws Exception {
        CountDownLatch checked = new CountDownLatch(3);
        ManagedProcess service = lab.service(
                lab.family().readyOn("/").healthCheck("/health", Duration.ofSeconds(1)), ProcessLab.freePort());
        service.output().onLine(line -> {
            if (line.equals("healthy")) {
                checked.countDown();
            }
        });
        service.init(context());
        service.start();

        assertThat(checked.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(death).isNotDone();
        service.stop();
        service.cleanup();
        assertThat(death).isNotDone();
    }

    @Test
    void aPortThatSomebodyElseHoldsKeepsTheEntry() throws Exception {
        int port = ProcessLab.freePort();
        ManagedProcess service = lab.service(shell("exec sleep 1000").ports(1).readyOnOutput("x"), port);
        try (var taken = new ServerSocket(port)) {
            BlockingCall<Boolean> start = lab.threads.submit(() -> {
                service.start();
                return true;
            });
            await().atMost(LIMIT).until(() -> lab.ledger.events.contains("spawned"));
            start.interrupt();
            await().atMost(LIMIT).until(start::hasEnded);

            assertThatThrownBy(service::cleanup)
                    .isInstanceOf(SageException.class)
                    .hasMessageContaining("is gone, but its port " + taken.getLocalPort() + " cannot be bound yet");
            assertThat(lab.ledger.events).containsExactly("intend", "spawned");
        }
        service.cleanup();
        assertThat(lab.ledger.events).containsExactly("intend", "spawned", "struck");
    }

    @Test
    void oneWithoutAPortSaysSo() throws Exception {
        ManagedProcess service = lab.service(ProcessService.command("sleep", "1000"));

        assertThatThrownBy(service::pid).isInstanceOf(ServiceException.class).hasMessageContaining("no process yet");
        assertThatThrownBy(() -> service.get("/", String.class))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("Name {port} in its command");
        assertThatThrownBy(service::address).isInstanceOf(ServiceException.class);
        service.cleanup();
    }

    private static ProcessService shell(String script) {
        return ProcessService.command("sh", "-c", script, "sh");
    }

    /** Cleans up, as the runtime does, when the start fails. */
    private ManagedProcess start(ProcessService description, Integer... ports) throws Exception {
        ManagedProcess service = lab.service(description, ports);
        service.init(context());
        try {
            service.start();
        } catch (Exception e) {
            service.cleanup();
            throw e;
        }
        return service;
    }

    private ServiceContext context() {
        return new ServiceContext() {
            @Override
            public String name() {
                return "it";
            }

            @Override
            public String jobId() {
                return "job-1";
            }

            @Override
            public void failed(Throwable cause) {
                death.complete(cause);
            }
        };
    }
}
