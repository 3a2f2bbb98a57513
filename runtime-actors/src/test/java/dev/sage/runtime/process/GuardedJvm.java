package dev.sage.runtime.process;

import dev.sage.api.ProcessService;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.format.JacksonFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A JVM that runs the server of {@code family.py} and does nothing else, until it is killed. */
final class GuardedJvm {
    private GuardedJvm() {}

    /** The instance, the script, the file for the numbers, and the port. */
    public static void main(String[] args) throws Exception {
        Processes processes = new Processes(
                ProcessLab.SETTINGS,
                new Guardian(args[0], Duration.ZERO),
                BlockingThreads.create("child"),
                new JacksonFormat());
        int port = Integer.parseInt(args[3]);
        ProcessGrant grant = new ProcessGrant(
                new ProcessMark(args[0], "job-1", 1, "server"),
                List.of(port),
                List.of(),
                false,
                Path.of(args[2] + ".log"),
                line -> {});
        ProcessService family = ProcessService.command("python3", args[1], "{port}", args[2]);
        ManagedProcess service =
                processes.service(family, grant, new ProcessLab.RecordingLedger(), Duration.ofSeconds(5));
        service.start();
        System.out.println(service.pid());
        new CountDownLatch(1).await();
    }
}
