package dev.sage.acceptance.kill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A process that inherited the variable by which a round of the test knows its own. Read from {@code /proc} without any
 * code of Sage's.
 *
 * @param owner the value of SAGE_OWNER; empty without
 */
public record Marked(long pid, long parent, String owner, List<String> command) {
    public static final String VARIABLE = "SAGE_KILL_ROUND";

    public static List<Marked> of(String round) throws IOException {
        List<Marked> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                read(process, round).ifPresent(found::add);
            }
        }
        return found;
    }

    /** One that ends meanwhile is not there; of one that has ended but was not waited for, the environment is empty. */
    private static Optional<Marked> read(Path process, String round) {
        try {
            List<String> environment = words(process.resolve("environ"));
            if (!environment.contains(VARIABLE + "=" + round)) {
                return Optional.empty();
            }
            String status = Files.readString(process.resolve("stat"));
            String[] behindName = status.substring(status.lastIndexOf(')') + 2).split(" ");
            String owner = environment.stream()
                    .filter(variable -> variable.startsWith("SAGE_OWNER="))
                    .findFirst()
                    .orElse("SAGE_OWNER=")
                    .substring("SAGE_OWNER=".length());
            return Optional.of(new Marked(
                    Long.parseLong(process.getFileName().toString()),
                    Long.parseLong(behindName[1]),
                    owner,
                    words(process.resolve("cmdline"))));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static List<String> words(Path file) throws IOException {
        return Arrays.asList(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0"));
    }

    public boolean holds(String holder) {
        return owner.endsWith("/" + holder);
    }

    public void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
}
