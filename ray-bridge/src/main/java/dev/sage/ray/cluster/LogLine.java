package dev.sage.ray.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a program writes to a file, because it outlives the program that would read its pipe. */
final class LogLine {
    private static final int LAST_LINES = 8;
    /** The end of the writer wakes nobody up who waits for its file. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private LogLine() {}

    /** Blocks until it is there; false when the program ended without, or the time was over. */
    static boolean await(Path file, String wanted, CompletableFuture<?> exit, Duration within)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        try (WatchService changes = file.getFileSystem().newWatchService()) {
            file.resolveSibling("").toAbsolutePath().register(changes, StandardWatchEventKinds.ENTRY_MODIFY);
            while (true) {
                boolean ended = exit.isDone();
                if (Files.readString(file, StandardCharsets.UTF_8).contains(wanted)) {
                    return true;
                }
                long left = deadline - System.nanoTime();
                if (ended || left <= 0) {
                    return false;
                }
                WatchKey changed = changes.poll(Math.min(left, LOOK_AGAIN.toNanos()), TimeUnit.NANOSECONDS);
                if (changed != null) {
                    changed.pollEvents();
                    changed.reset();
                }
            }
        }
    }

    /** For an error. */
    static String last(Path file) {
        try {
            List<String> lines = Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return "\n  " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException unreadable) {
            return "";
        }
    }
}
