package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is really full: the node acknowledges nothing that it has not written, says so, and goes on when there is room
 * again. The disk is a small file system in memory, which only the processes of this test see, and which goes with them.
 */
@Tag("any-java")
@EnabledOnOs(OS.LINUX)
class FullDiskTest {
    /** One for users who may make themselves root of a namespace, one for root where that is switched off. */
    private static final List<List<String>> NAMESPACES =
            List.of(List.of("unshare", "--mount", "--map-root-user"), List.of("unshare", "--mount"));

    private static final String MOUNT = "mount -t tmpfs -o size=24m,mode=700 tmpfs \"$0\"";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void theNodeOutlastsAFullDisk() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        List<String> command = new ArrayList<>(namespace(home));
        command.addAll(List.of("sh", "-c", MOUNT + " && exec \"$@\"", home.toString()));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FullDiskProgram.class.getName(),
                folder.toString()));
        Path said = folder.resolve("said");
        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(program.waitFor(5, TimeUnit.MINUTES))
                    .as("it ends in time")
                    .isTrue();
            assertThat(program.exitValue()).as(Files.readString(said)).isZero();
        } finally {
            program.descendants().forEach(ProcessHandle::destroyForcibly);
            program.destroyForcibly();
        }
    }

    private static List<String> namespace(Path home) throws IOException, InterruptedException {
        for (List<String> namespace : NAMESPACES) {
            List<String> trial = new ArrayList<>(namespace);
            trial.addAll(List.of("sh", "-c", MOUNT, home.toString()));
            Process process = new ProcessBuilder(trial)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return namespace;
            }
        }
        assumeTrue(
                false,
                "No small file system can be mounted: that needs root, or a kernel that lets users have namespaces of"
                        + " their own (unshare --mount --map-root-user).");
        throw new AssertionError();
    }
}
