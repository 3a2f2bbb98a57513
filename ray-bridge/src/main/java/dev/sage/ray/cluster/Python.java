package dev.sage.ray.cluster;

import dev.sage.api.SageException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An interpreter that is asked short questions. */
record Python(Path path) {

    /**
     * What it said.
     *
     * @param output of both streams
     */
    record Answer(int exitCode, String output) {
        List<String> lines() {
            return output.lines().filter(line -> !line.isBlank()).toList();
        }

        /** For an error. */
        String told() {
            List<String> lines = lines();
            return "exit code " + exitCode
                    + (lines.isEmpty() ? "; it wrote nothing." : "; it wrote last: " + lines.get(lines.size() - 1));
        }
    }

    /** @throws SageException when there is no such program */
    static Python at(Path path) {
        if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
            throw unusable(
                    "There is no Python " + path
                            + ". Name an interpreter that has Ray with --python or sage.ray.python, or none to have one"
                            + " made.",
                    null);
        }
        return new Python(path);
    }

    /** The first {@code python3} of a search path. */
    static Optional<Path> onPath(@Nullable String searchPath) {
        return Stream.of((searchPath == null ? "" : searchPath).split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "python3"))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /**
     * Runs a script, and kills it when it takes longer.
     *
     * @param environment added to that of this JVM
     * @throws SageException when it does not end in time, or cannot be run
     */
    Answer ask(String script, List<String> arguments, Duration within, Map<String, String> environment)
            throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(path.toString(), "-c", script));
        command.addAll(arguments);
        try {
            // Not into a pipe, which a slow answer could fill while nobody reads.
            Path output = Files.createTempFile("sage-python", ".out");
            try {
                return run(command, output, within, environment);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException | UncheckedIOException e) {
            throw unusable(path + " cannot be run: " + e.getMessage() + ".", e);
        }
    }

    Answer ask(String script, List<String> arguments, Duration within) throws InterruptedException {
        return ask(script, arguments, within, Map.of());
    }

    private Answer run(List<String> command, Path output, Duration within, Map<String, String> environment)
            throws IOException, InterruptedException {
        // Python imports first from the folder that it is in, and ours may have anything that is named as a module.
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw unusable(path + " did not answer within " + within.toSeconds() + " s.", null);
            }
            return new Answer(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }

    static SageException unusable(String message, @Nullable Throwable cause) {
        return new SageException("ray.python", message, cause);
    }
}
