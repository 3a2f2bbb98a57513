package dev.sage.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.ray.cluster.RayInstallation;
import dev.sage.runtime.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A cluster as somebody starts it who knows nothing of Sage: its parts do not end with one another. */
final class ForeignRay implements AutoCloseable {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    private final Path folder;

    private ForeignRay(Path folder) {
        this.folder = folder;
    }

    /** Blocks until it runs. */
    static ForeignRay start(RayInstallation installation) throws IOException, InterruptedException {
        // Not in a folder of JUnit's, whose names are too long for the sockets in it.
        ForeignRay ray = new ForeignRay(Files.createTempDirectory(Path.of("/tmp"), "ray-"));
        ProcessBuilder start = new ProcessBuilder(
                        installation.python().toString(),
                        "-c",
                        "from ray.scripts.scripts import main; main()",
                        "start",
                        "--head",
                        "--node-ip-address=127.0.0.1",
                        "--port=0",
                        "--num-cpus=2",
                        "--object-store-memory=80000000",
                        "--temp-dir=" + ray.folder,
                        "--include-dashboard=false",
                        "--disable-usage-stats",
                        "--no-monitor",
                        "--dashboard-agent-listen-port=0",
                        "--min-worker-port=0",
                        "--max-worker-port=0")
                .directory(ray.folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ray.folder.resolve("output").toFile());
        start.environment().putAll(Map.of("RAY_USAGE_STATS_ENABLED", "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0"));
        try {
            Process starting = start.start();
            assertThat(starting.waitFor(2, TimeUnit.MINUTES) && starting.exitValue() == 0)
                    .as("%s", Files.readString(ray.folder.resolve("output")))
                    .isTrue();
            return ray;
        } catch (AssertionError | IOException | InterruptedException e) {
            ray.close();
            throw e;
        }
    }

    String address() throws IOException {
        return Files.readString(folder.resolve("ray_current_cluster")).strip();
    }

    ProcessHandle gcs() {
        return processes().stream()
                .filter(process -> process.info().command().orElse("").endsWith("gcs_server"))
                .findFirst()
                .orElseThrow();
    }

    private List<ProcessHandle> processes() {
        return ProcessTree.using(folder).members().stream()
                .flatMap(process -> ProcessHandle.of(process.pid()).stream())
                .toList();
    }

    @Override
    public void close() throws IOException {
        try {
            assertThat(ProcessTree.using(folder).end(ENDS_WITHIN, ENDS_WITHIN)).isEmpty();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new IOException("The cluster in " + folder + " may still run.", hurried);
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
