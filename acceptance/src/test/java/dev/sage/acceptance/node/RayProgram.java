package dev.sage.acceptance.node;

import dev.sage.api.JobHandle;
import dev.sage.api.RayEndpoint;
import dev.sage.api.RayService;
import dev.sage.api.SubmitOptions;
import dev.sage.api.SubmitOptions.NodeLoss;
import dev.sage.client.RemoteEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A client whose job calls an actor that does not answer the first time. */
final class RayProgram {
    static final String SUBMITTED = "submitted ";
    /** A Ray that is to be started has its time, on a machine that runs other tests, too. */
    static final Duration WITHIN = Duration.ofMinutes(3);

    private static final String WORKER = """
            import time

            class Worker:
                def __init__(self, factor):
                    self.factor = factor

                def times(self, number):
                    return self.factor * number

                def called(self, file):
                    with open(file, "a") as lines:
                        lines.write("called\\n")
                    with open(file) as lines:
                        if len(lines.readlines()) == 1:
                            time.sleep(600)
                    return "answered"

            class Standing:
                def __init__(self, where, file):
                    self.where, self.file = where, file
                    self.at("start")

                def cleanup(self):
                    self.at("clean-up")

                def at(self, where):
                    if where == self.where:
                        open(self.file, "w").close()
                        time.sleep(600)
            """;

    private RayProgram() {}

    /** @param arguments the port of the node, a folder for the code, the file that tells of the calls */
    public static void main(String[] arguments) throws Exception {
        try (RemoteEnvironment env =
                RemoteEnvironment.connect("attached", "127.0.0.1", Integer.parseInt(arguments[0]))) {
            JobHandle job = submit(env, Path.of(arguments[1]), Path.of(arguments[2]), NodeLoss.FAIL);
            System.out.println(SUBMITTED + job.id());
            job.awaitClean();
        }
    }

    static Path writeWorker(Path folder) throws IOException {
        return Files.writeString(folder.resolve("worker.py"), WORKER);
    }

    /** A job whose actor does not come out of its {@code start}, or out of its {@code clean-up}, which an order begins. */
    static JobHandle submitStanding(RemoteEnvironment env, Path folder, String where, Path file) throws IOException {
        env.service(
                "standing",
                RayService.python(writeWorker(folder).toString(), "Standing").args(where, file.toString()));
        return env.submit();
    }

    /** The actor has a thread free for its clean-up, while the call lasts. */
    static JobHandle submit(RemoteEnvironment env, Path folder, Path called, NodeLoss policy) throws IOException {
        RayEndpoint worker = env.service(
                        "worker",
                        RayService.python(writeWorker(folder).toString(), "Worker")
                                .args(1)
                                .concurrency(2))
                .as(RayEndpoint.class);
        String file = called.toString();
        env.fromRange(0, 1).map(n -> worker.call(String.class, "called", file)).print();
        return env.submit(SubmitOptions.autostop().onNodeLoss(policy));
    }
}
