package dev.sage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The state folder and the machine's locks of one test, so that no test sees what another one, or the user, has. They
 * exist only when a job of the test needs them, and are deleted after it.
 */
final class TestHome {
    private final Path folder = Path.of(System.getProperty("java.io.tmpdir"), "sage-test-" + UUID.randomUUID());

    /** For settings that do not name others. */
    void addTo(Map<String, String> settings) {
        settings.putIfAbsent("sage.home", folder.resolve("home").toString());
        settings.putIfAbsent("sage.locks-folder", folder.resolve("locks").toString());
    }

    /**
     * After the environment was closed.
     *
     * @throws AssertionError when the ledger is not empty: something is held that nobody will release
     */
    void end() {
        if (!Files.exists(folder)) {
            return;
        }
        List<String> held = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (file.toString().endsWith(".ledger")) {
                    held.addAll(Files.readAllLines(file));
                }
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!held.isEmpty()) {
            throw new AssertionError("The test left behind, in the ledger:\n  " + String.join("\n  ", held));
        }
    }
}
