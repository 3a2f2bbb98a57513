package dev.sage.acceptance;

import dev.sage.api.JobHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A process with a mark of Sage's, read from {@code /proc} without its code. Other programs' are among them.
 *
 * @param mark all of {@code SAGE_OWNER}
 */
record Owned(long pid, String mark) {
    private static final String VARIABLE = "SAGE_OWNER=";

    static List<Owned> all() {
        List<Owned> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                Owned owned = new Owned(Long.parseLong(process.getFileName().toString()), mark(process));
                if (!owned.mark().isEmpty()) {
                    found.add(owned);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** The numbers of all processes of a job. */
    static List<Long> by(JobHandle job) {
        return all().stream().filter(owned -> owned.isOf(job)).map(Owned::pid).toList();
    }

    /** That one, its children, and theirs, whoever is their parent now. */
    static List<Owned> markedAs(long pid) {
        String mark = mark(Path.of("/proc", Long.toString(pid)));
        return all().stream().filter(owned -> owned.mark().equals(mark)).toList();
    }

    boolean isOf(JobHandle job) {
        return mark.contains("/" + job.id() + "/");
    }

    boolean isThere() {
        return mark.equals(mark(Path.of("/proc", Long.toString(pid))));
    }

    /** Of one that ends meanwhile, or is somebody else's, there is none. */
    private static String mark(Path process) {
        try {
            byte[] environment = Files.readAllBytes(process.resolve("environ"));
            return Arrays.stream(new String(environment, StandardCharsets.UTF_8).split("\0"))
                    .filter(variable -> variable.startsWith(VARIABLE))
                    .findFirst()
                    .orElse("");
        } catch (IOException gone) {
            return "";
        }
    }
}
