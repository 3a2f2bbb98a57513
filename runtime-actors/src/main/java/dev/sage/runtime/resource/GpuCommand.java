package dev.sage.runtime.resource;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs {@code nvidia-smi}. With a driver in trouble it may hang, print anything, or fail. */
final class GpuCommand {
    private final String name;
    private final String searchPath;
    private final Duration within;

    GpuCommand(LeaseSettings settings) {
        this.name = settings.gpuCommand();
        this.searchPath = settings.searchPath();
        this.within = settings.gpuCommandWithin();
    }

    /** Looked for each time: a driver may be installed meanwhile. */
    Optional<Path> find() {
        Stream<Path> candidates = name.contains(File.separator)
                ? Stream.of(Path.of(name))
                : Stream.of(searchPath.split(File.pathSeparator))
                        .filter(folder -> !folder.isEmpty())
                        .map(folder -> Path.of(folder, name));
        return candidates
                .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
                .findFirst();
    }

    /**
     * Its lines for a query, as CSV without header and units.
     *
     * @throws IOException that says what went wrong, to follow on the name of the command
     */
    List<String> query(Path program, String query) throws IOException, InterruptedException {
        List<String> command = List.of(program.toString(), query, "--format=csv,noheader,nounits");
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            // What it prints fits into the pipe: it is read when the program has ended, and so without a second
            // deadline.
            if (!process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("did not end within " + within);
            }
            String output = new String(process.getInputStream().readNBytes(1 << 20), StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new IOException("ended with " + process.exitValue() + " and printed '" + start(output) + "'");
            }
            return output.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } finally {
            end(process);
        }
    }

    private static void end(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
    }

    static String start(String text) {
        return text.strip()
                .lines()
                .findFirst()
                .map(line -> line.substring(0, Math.min(120, line.length())))
                .orElse("");
    }

    @Override
    public String toString() {
        return name;
    }
}
