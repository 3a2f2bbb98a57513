package dev.sage.benchmarks;

import dev.sage.ray.cluster.RayCluster;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The JVM of {@link PlainRay}, gone when it is closed. */
final class PlainRayProcess implements AutoCloseable {
    private static final List<String> OPENED = Stream.of(
                    "java.lang", "java.math", "java.util", "java.util.concurrent", "java.net", "java.text", "java.time")
            .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
            .toList();

    private final Process process;
    private final BufferedReader lines;

    private PlainRayProcess(Process process) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Blocks until it has its actors. */
    static PlainRayProcess start(RayCluster cluster, Path folder, int wide) throws IOException {
        Path own = own();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPENED);
        for (int index = 0; index < OPENED.size(); index++) {
            command.add("-Dray.job.jvm-options." + index + "=" + OPENED.get(index));
        }
        command.addAll(List.of(
                "-Xmx1g",
                "-Dray.address=" + cluster.address(),
                "-Dray.node-ip=" + cluster.nodeIp(),
                "-Dray.job.namespace=plain",
                "-Dray.job.code-search-path=" + own + File.pathSeparator + folder,
                "-cp",
                own + File.pathSeparator + cluster.installation().folder().resolve("jars/*"),
                PlainRay.class.getName(),
                Integer.toString(wide)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(folder.resolve("plain.log").toFile());
        builder.environment().putAll(cluster.environment());
        PlainRayProcess started = new PlainRayProcess(builder.start());
        started.next();
        return started;
    }

    private static Path own() {
        try {
            return Path.of(PlainRay.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Calls one after the other. */
    Measured sync(String actor, Duration time) throws IOException {
        long began = System.nanoTime();
        String took = ask("sync " + actor + " " + time.toMillis());
        Duration all = Duration.ofNanos(System.nanoTime() - began);
        long[] sorted =
                Arrays.stream(took.split(" ")).mapToLong(Long::parseLong).toArray();
        Arrays.sort(sorted);
        return Measured.of(new Load.Seen(sorted, all));
    }

    /** So many calls under way at any time. */
    Measured async(String actor, Duration time, int underWay) throws IOException {
        String[] seen =
                ask("async " + actor + " " + time.toMillis() + " " + underWay).split(" ");
        return Measured.of(Double.parseDouble(seen[0]), Double.parseDouble(seen[1]) / 1e9);
    }

    private String ask(String what) throws IOException {
        process.getOutputStream().write((what + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return next();
    }

    /** Ray may say something, too. */
    private String next() throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(PlainRay.MARK)) {
                return line.substring(PlainRay.MARK.length());
            }
        }
        throw new IOException("The plain driver of Ray has ended; see plain.log in the folder of the benchmark.");
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
