package dev.sage.runtime.process;

import static dev.sage.runtime.process.ProcessLab.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.CommandFailedException;
import dev.sage.api.ProcessService;
import dev.sage.runtime.dataplane.BlockingCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CommandRunTest {
    @RegisterExtension
    final ProcessLab lab = new ProcessLab();

    @Test
    void aCommandRunsToItsEnd() throws Exception {
        CommandRun command = command("echo done");
        command.run();

        assertThat(command.output().lastLines()).containsExactly("done");
        assertThat(lab.ledger.events).containsExactly("intend", "spawned", "struck");
    }

    @Test
    void anotherExitCodeThanZeroIsAFailureWithTheLastLines() {
        assertThatThrownBy(() -> command("seq 1 9; exit 42").run())
                .isInstanceOfSatisfying(CommandFailedException.class, e -> {
                    assertThat(e.exitCode()).isEqualTo(42);
                    assertThat(e.lastLines()).containsExactly("5", "6", "7", "8", "9");
                    assertThat(e).hasMessageContaining("ended with exit code 42. It wrote last:\n  5\n");
                });
        assertThat(lab.ledger.events).containsExactly("intend", "spawned", "struck");
    }

    @Test
    void whatACommandLeavesRunningIsEndedWithIt() throws Exception {
        command("setsid sleep 1000 & sleep 1001 & echo started").run();

        assertThat(ProcessTable.read().markedUnder(ProcessMark.ofInstance(lab.instance)))
                .isEmpty();
    }

    @Test
    void anInterruptEndsTheWholeTree() throws Exception {
        CommandRun command = command("setsid sleep 1000 & trap 'echo asked; exit 0' TERM; echo started; wait");
        BlockingCall<Boolean> run = interruptWhenStarted(command);

        assertThatThrownBy(() -> run.result().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(command.output().lastLines()).containsExactly("started", "asked");
        assertThat(lab.ledger.events).containsExactly("intend", "spawned", "struck");
    }

    @Test
    void aSecondInterruptKills() throws Exception {
        ProcessService deaf = ProcessService.command(
                        "sh", "-c", "trap 'echo asked' TERM; echo started; while :; do sleep 0.05; done")
                .stopWithin(Duration.ofHours(1));
        CommandRun command = lab.processes.command(deaf, lab.grant("it"), lab.ledger);
        CountDownLatch asked = new CountDownLatch(1);
        command.output().onLine(line -> {
            if (line.equals("asked")) {
                asked.countDown();
            }
        });
        BlockingCall<Boolean> run = interruptWhenStarted(command);
        assertThat(asked.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        run.interrupt();

        assertThatThrownBy(() -> run.result().toCompletableFuture().get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(lab.ledger.events).containsExactly("intend", "spawned", "struck");
    }

    private BlockingCall<Boolean> interruptWhenStarted(CommandRun command) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        command.output().onLine(line -> started.countDown());
        BlockingCall<Boolean> run = lab.threads.submit(() -> {
            command.run();
            return true;
        });
        assertThat(started.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        run.interrupt();
        return run;
    }

    private CommandRun command(String script) {
        return lab.processes.command(ProcessService.command(List.of("sh", "-c", script)), lab.grant("it"), lab.ledger);
    }
}
