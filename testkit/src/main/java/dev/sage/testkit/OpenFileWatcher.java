package dev.sage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Sees files that this process holds open, by the targets of its descriptors. What the JVM opens for itself and keeps
 * (archives of classes, devices, pipes, the insides of selectors) does not count. Sees nothing on other systems than
 * Linux.
 */
final class OpenFileWatcher implements Watcher {
    private static final Pattern OF_THE_JVM =
            Pattern.compile("[a-z_]+:.*|/dev/.*|/proc/.*|/sys/.*|.*\\.jar|.*/lib/modules");

    private final Map<String, Integer> before = open();

    @Override
    public List<String> leaks() {
        List<String> leaks = new ArrayList<>();
        open().forEach((file, count) -> {
            int more = count - before.getOrDefault(file, 0);
            if (more > 0) {
                leaks.add("file " + file + " is still open" + (more > 1 ? ", " + more + " times" : ""));
            }
        });
        leaks.sort(null);
        return leaks;
    }

    /** Open files, with how often each is open. */
    private static Map<String, Integer> open() {
        Map<String, Integer> open = new HashMap<>();
        if (!Files.isDirectory(TcpSockets.DESCRIPTORS)) {
            return open;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(TcpSockets.DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                String target = TcpSockets.target(descriptor);
                if (!target.isEmpty() && !OF_THE_JVM.matcher(target).matches()) {
                    open.merge(target, 1, Integer::sum);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The open files of this process cannot be listed.", e);
        }
        return open;
    }
}
