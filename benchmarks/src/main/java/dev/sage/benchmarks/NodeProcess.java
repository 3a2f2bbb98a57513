package dev.sage.benchmarks;

import dev.sage.client.http.HttpTimes;
import dev.sage.client.http.NodeAddress;
import dev.sage.client.http.NodeHttp;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A node in a JVM of its own, gone when it is closed. */
final class NodeProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile(".* ready at http://([^:]+):(\\d+) .*");

    private final Process process;
    private final Path home;
    private final boolean homeIsOwn;
    private final NodeAddress address;
    private final String token;
    private final Duration readyAfter;

    private NodeProcess(
            Process process, Path home, boolean homeIsOwn, NodeAddress address, String token, Duration readyAfter) {
        this.process = process;
        this.home = home;
        this.homeIsOwn = homeIsOwn;
        this.address = address;
        this.token = token;
        this.readyAfter = readyAfter;
    }

    /**
     * With a home of its own, deleted when it is closed. Blocks until it is ready.
     *
     * @param classPath of the node
     * @param jvmOptions for example for a profiler; none for the defaults
     */
    static NodeProcess start(String classPath, List<String> jvmOptions) throws IOException {
        return start(Files.createTempDirectory("sage-benchmark-"), true, classPath, jvmOptions);
    }

    /** As {@link #start(String, List)}, with a home that stays. */
    static NodeProcess start(Path home, String classPath, List<String> jvmOptions) throws IOException {
        return start(home, false, classPath, jvmOptions);
    }

    private static NodeProcess start(Path home, boolean homeIsOwn, String classPath, List<String> jvmOptions)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", absolute(classPath), "dev.sage.node.Main", "--port", "0"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectError(home.resolve("stderr").toFile());
        builder.environment().put("SAGE_HOME", home.toString());
        builder.environment().remove("SAGE_TOKEN");
        long began = System.nanoTime();
        Process process = builder.start();
        // Not closed: the node's later lines have somewhere to go.
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        // Options of the JVM may make it say more.
        Optional<Matcher> found =
                lines.lines().map(READY::matcher).filter(Matcher::matches).findFirst();
        Duration readyAfter = Duration.ofNanos(System.nanoTime() - began);
        if (found.isEmpty()) {
            process.destroy();
            throw new IOException("The node did not start:\n" + Files.readString(home.resolve("stderr")));
        }
        Matcher ready = found.get();
        NodeAddress address = new NodeAddress(ready.group(1), Integer.parseInt(ready.group(2)));
        String token = Files.readString(home.resolve("token")).strip();
        return new NodeProcess(process, home, homeIsOwn, address, token, readyAfter);
    }

    private static String absolute(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .reduce((before, entry) -> before + File.pathSeparator + entry)
                .orElseThrow();
    }

    NodeAddress address() {
        return address;
    }

    String token() {
        return token;
    }

    Path home() {
        return home;
    }

    /** From the start of the JVM until it said that it is ready. */
    Duration readyAfter() {
        return readyAfter;
    }

    /** Of all its threads until now. */
    Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    NodeHttp http() {
        return new NodeHttp(address, Optional.of(token), HttpTimes.DEFAULT);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        if (homeIsOwn) {
            delete(home);
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(NodeProcess::deleteFile);
        }
    }

    private static void deleteFile(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
