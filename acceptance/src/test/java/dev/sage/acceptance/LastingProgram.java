package dev.sage.acceptance;

import dev.sage.api.LocalEnvironment;
import dev.sage.api.Next;
import dev.sage.api.Service;
import dev.sage.api.SubmitOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A user's program that runs until somebody ends it. Its service leaves a file for each step of its clean-up, in the
 * folder given as the first argument; with {@code hang} as the second the clean-up does not end.
 */
final class LastingProgram {
    private LastingProgram() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        boolean hangs = args.length > 1 && args[1].equals("hang");
        try (LocalEnvironment env = LocalEnvironment.create("lasting")) {
            env.service("traces", () -> new Traces(folder, hangs));
            env.fromSource(() -> {
                        System.out.println("running");
                        return Next.nothingFor(Duration.ofDays(1));
                    })
                    .print();
            env.run(SubmitOptions.autostop().phaseTimeout("cleanup-services", Duration.ofSeconds(90)));
        }
    }

    private record Traces(Path folder, boolean hangs) implements Service {
        @Override
        public void stop() throws IOException {
            Files.createFile(folder.resolve("stopped"));
        }

        @Override
        public void cleanup() throws IOException, InterruptedException {
            Files.createFile(folder.resolve("cleaning"));
            System.out.println("cleaning");
            if (hangs) {
                new CountDownLatch(1).await();
            }
            Files.createFile(folder.resolve("cleaned"));
        }
    }
}
