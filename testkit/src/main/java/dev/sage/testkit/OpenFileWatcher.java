package dev.sage.testkit;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sees files that this process holds open, wherever they are. What the JVM opens for itself and keeps (archives of classes,
 * devices, pipes, the insides of selectors) does not count.
 */
final class OpenFileWatcher implements Watcher {
    private static final Pattern OF_THE_JVM =
            Pattern.compile("[^/].*|/dev/.*|/proc/.*|/sys/.*|.*\\.jar|.*/lib/modules");

    private final Set<String> before = Descriptors.targets();

    @Override
    public List<String> leaks() {
        return Descriptors.targets().stream()
                .filter(target ->
                        !before.contains(target) && !OF_THE_JVM.matcher(target).matches())
                .sorted()
                .map(file -> "open file " + file)
                .toList();
    }
}
