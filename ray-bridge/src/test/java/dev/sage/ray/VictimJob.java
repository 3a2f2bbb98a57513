package dev.sage.ray;

import static org.awaitility.Awaitility.await;

import dev.sage.api.JobHandle;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.RayEndpoint;
import dev.sage.api.RayService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A job with one actor that stands still where it is told to, and writes down its process, and where its code is. */
final class VictimJob {
    /** When something of it is killed. */
    enum Stage {
        START,
        CALLS,
        CLEAN_UP;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static final String PYTHON = """
            import os
            import time

            class Victim:
                def __init__(self, folder, stage):
                    self.folder, self.stage = folder, stage
                    self.at("start")

                def work(self):
                    self.at("calls")
                    return os.getpid()

                def cleanup(self):
                    self.at("clean_up")

                def at(self, stage):
                    if stage == self.stage:
                        written = os.path.join(self.folder, "written")
                        with open(written, "w") as out:
                            out.write(f"{os.getpid()} {os.path.dirname(os.path.abspath(__file__))}")
                        os.rename(written, os.path.join(self.folder, stage))
                        time.sleep(600)
            """;

    private final Path folder;
    private final Stage stage;

    /** @param folder of its own */
    VictimJob(Path folder, Stage stage) {
        this.folder = folder;
        this.stage = stage;
    }

    /** Makes the folder what the job needs. */
    static Path prepared(Path folder) throws IOException {
        Files.createDirectories(folder);
        return Files.writeString(folder.resolve("victim.py"), PYTHON);
    }

    /** Of the actor, as it stands still. */
    record Standing(ProcessHandle process, Path code) {}

    JobHandle submit(LocalEnvironment env) throws Exception {
        RayEndpoint victim = env.service(
                        "victim",
                        RayService.python(folder.resolve("victim.py").toString(), "Victim")
                                .args(folder.toString(), stage.word()))
                .as(RayEndpoint.class);
        if (stage == Stage.CALLS) {
            env.fromRange(0, 1).map(n -> String.valueOf(victim.call("work"))).print();
        }
        JobHandle job = env.submit();
        if (stage == Stage.CLEAN_UP) {
            job.awaitIdle();
            job.stop();
        }
        return job;
    }

    /** Blocks until it is there. */
    Standing standing() throws IOException {
        Path written = folder.resolve(stage.word());
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofMinutes(3))
                .until(() -> Files.exists(written));
        String[] words = Files.readString(written).split(" ", 2);
        return new Standing(ProcessHandle.of(Long.parseLong(words[0])).orElseThrow(), Path.of(words[1]));
    }

    /** A program that is killed. Arguments: its state folder, the interpreter, the folder, the stage. */
    public static void main(String[] args) throws Exception {
        LocalEnvironment env = LocalEnvironment.create(
                "client",
                Map.of(
                        "sage.home",
                        args[0],
                        "sage.ray.python",
                        args[1],
                        "sage.ray.cluster.cpus",
                        2,
                        "sage.ray.cluster.object-store-bytes",
                        80_000_000,
                        "sage.ray.cluster.ready-within",
                        "180s"));
        new VictimJob(Path.of(args[2]), Stage.valueOf(args[3])).submit(env).awaitClean();
    }
}
