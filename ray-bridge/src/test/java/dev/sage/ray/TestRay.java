package dev.sage.ray;

import dev.sage.ray.cluster.ClusterSettings;
import dev.sage.ray.cluster.RayCluster;
import dev.sage.ray.cluster.RayClusters;
import dev.sage.ray.cluster.RayInstallation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * A real Ray for tests: one cluster for each test JVM, which ends with it, and a fresh namespace for each test. Where there
 * is no Python or no package index, tests that need it are skipped with that reason; in CI they fail.
 */
public final class TestRay {
    private static final int UNAVAILABLE = 75;
    private static final long MADE_WITHIN_MINUTES = 22;
    private static final AtomicInteger NAMESPACES = new AtomicInteger();
    private static final Map<String, RayInstallation> FOUND = new HashMap<>();

    private static @Nullable RayCluster cluster;

    private TestRay() {}

    /** With two CPUs and four GPUs, which need not exist. */
    public static synchronized RayCluster cluster() throws InterruptedException {
        if (cluster == null || cluster.lost().toCompletableFuture().isDone()) {
            RayInstallation installation = installation(RayInstallation.PINNED);
            Path home = temporaryFolder();
            TestHost host = new TestHost(home, settings(installation));
            RayCluster started = RayClusters.own(host, ClusterSettings.read(host.config()), installation);
            cluster = started;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                started.close();
                host.close();
                delete(home);
            }));
        }
        return cluster;
    }

    /** Small enough for a machine that runs other tests as well. */
    public static Map<String, Object> settings(RayInstallation installation) {
        return Map.of(
                "sage.ray.python",
                installation.python().toString(),
                "sage.ray.cluster.cpus",
                2,
                "sage.ray.cluster.gpus",
                "0-3",
                "sage.ray.cluster.object-store-bytes",
                80_000_000);
    }

    /** One in which no other test has actors. */
    public static String namespace() {
        return "test-" + ProcessHandle.current().pid() + "-" + NAMESPACES.incrementAndGet();
    }

    /** Made on first use, and kept between builds outside of the checkout. */
    public static synchronized RayInstallation installation(String version) throws InterruptedException {
        RayInstallation found = FOUND.get(version);
        if (found == null) {
            found = RayInstallation.find(python(version));
            FOUND.put(version, found);
        }
        return found;
    }

    private static Path python(String version) throws InterruptedException {
        try {
            Path output = Files.createTempFile("sage-test-ray", ".out");
            try {
                Process script = new ProcessBuilder(script().toString(), version)
                        .redirectOutput(output.toFile())
                        .redirectErrorStream(true)
                        .start();
                if (!script.waitFor(MADE_WITHIN_MINUTES, TimeUnit.MINUTES)) {
                    script.destroyForcibly();
                    throw new AssertionError(
                            "dev/ray.sh " + version + " did not end within " + MADE_WITHIN_MINUTES + " min");
                }
                String said = Files.readString(output).strip();
                if (script.exitValue() == UNAVAILABLE && System.getenv("CI") == null) {
                    throw new TestAbortedException(said);
                }
                if (script.exitValue() != 0) {
                    throw new AssertionError("dev/ray.sh ended with exit code " + script.exitValue() + ": " + said);
                }
                return Path.of(said.lines().reduce((before, last) -> last).orElseThrow());
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path script() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path script = folder.resolve("dev/ray.sh");
            if (Files.exists(script)) {
                return script;
            }
        }
        throw new IllegalStateException(
                "There is no dev/ray.sh above " + Path.of("").toAbsolutePath());
    }

    private static void delete(Path folder) {
        try (Stream<Path> content = Files.walk(folder)) {
            for (Path one : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("sage-test-ray");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
