package dev.sage.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * The Python with Ray of the build. Where there is no Python or no package index, tests that need it are skipped with that
 * reason; in CI they fail.
 */
public final class RayPython {
    private static final int UNAVAILABLE = 75;
    private static final long MADE_WITHIN_MINUTES = 22;

    private RayPython() {}

    /** Made on first use, and kept between builds outside of the checkout. */
    public static Path find() throws IOException, InterruptedException {
        Path output = Files.createTempFile("sage-test-ray", ".out");
        try {
            Process script = new ProcessBuilder("../dev/ray.sh")
                    .redirectOutput(output.toFile())
                    .redirectErrorStream(true)
                    .start();
            if (!script.waitFor(MADE_WITHIN_MINUTES, TimeUnit.MINUTES)) {
                script.destroyForcibly();
                throw new AssertionError("dev/ray.sh did not end within " + MADE_WITHIN_MINUTES + " min");
            }
            List<String> said = Files.readAllLines(output);
            if (script.exitValue() == UNAVAILABLE && System.getenv("CI") == null) {
                throw new TestAbortedException(String.join("\n", said));
            }
            if (script.exitValue() != 0) {
                throw new AssertionError("dev/ray.sh ended with exit code " + script.exitValue() + ": " + said);
            }
            return Path.of(said.get(said.size() - 1));
        } finally {
            Files.delete(output);
        }
    }
}
