package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.acceptance.SageProcess.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The archives that make starts quick, in an installation of the test's own: other tests start from the one that was built. */
@EnabledOnOs(OS.LINUX)
class QuickStartTest {
    /** Java's words for a class that came out of an archive. */
    private static final String ARCHIVED = " source: shared objects file";

    @TempDir
    private Path folder;

    private Path dist;
    private Path sage;

    @BeforeEach
    void install() throws IOException, InterruptedException {
        SageProcess.prepare();
        dist = Files.createDirectories(folder.resolve("target/dist"));
        sage = Files.createDirectory(folder.resolve("bin")).resolve("sage");
        Files.copy(SageProcess.command(), sage);
        Path lib = SageProcess.root().resolve("target/dist/lib");
        // With their times: Java does not use an archive of jars that have changed.
        int copied = new ProcessBuilder("cp", "-a", lib.toString(), dist.toString())
                .start()
                .waitFor();
        assertThat(copied).isZero();
    }

    @Test
    void commandsHaveAnArchiveThatIsMadeOnce() throws Exception {
        Path killed = Files.writeString(dist.resolve("light.part.config"), "what a killed one left");

        Ended first = run("now", "", "--version");

        assertThat(first.code()).isZero();
        assertThat(first.err()).isEmpty();
        assertThat(archives())
                .singleElement()
                .satisfies(
                        archive -> assertThat(archive.getFileName().toString()).matches("light-.*\\.jsa"));
        assertThat(killed).doesNotExist();
        Path loaded = folder.resolve("loaded");
        run("none", "-Xlog:class+load:file=" + loaded, "--version");
        assertThat(Files.readString(loaded))
                .contains(" dev.sage.cli.Main" + ARCHIVED, " picocli.CommandLine" + ARCHIVED);

        var made = Files.getLastModifiedTime(archives().get(0));
        run("now", "", "--version");
        assertThat(Files.getLastModifiedTime(archives().get(0))).isEqualTo(made);

        breakIt();
        assertThat(run("none", "", "--version")).isEqualTo(first);
    }

    @Test
    void theNodeHasTheArchiveThatItsJavaIsBestAt() throws Exception {
        assertThat(run("", "", "--make-archive", "node").code()).isZero();

        String type = Runtime.version().feature() < 25 ? "jsa" : "aot";
        assertThat(archives())
                .singleElement()
                .satisfies(
                        archive -> assertThat(archive.getFileName().toString()).matches("node-.*\\." + type));
        Path loaded = folder.resolve("loaded");
        startAndStopNode("-Xlog:class+load:file=" + loaded);
        assertThat(Files.readString(loaded)).contains(" dev.sage.node.Main" + ARCHIVED);

        breakIt();
        assertThat(startAndStopNode("")).noneMatch(line -> line.contains(type) || line.contains("[warning]"));
    }

    /** What it wrote to standard error. */
    private List<String> startAndStopNode(String options) throws Exception {
        int port;
        // It may be taken by another before the node has it, and then the start says so.
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = any.getLocalPort();
        }
        try (SageProcess node =
                start("none", options, "jobmanager", "start", "--foreground", "--port", String.valueOf(port))) {
            assertThat(node.nextOut()).startsWith("Sage node ready");
            node.signal("TERM");
            return node.ended().err();
        }
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(dist)) {
            return files.filter(file ->
                            Files.isRegularFile(file) && !file.toString().endsWith(".lock"))
                    .toList();
        }
    }

    private void breakIt() throws IOException {
        Path archive = archives().get(0);
        Files.delete(archive);
        Files.writeString(archive, "no archive");
    }

    private Ended run(String archives, String options, String... arguments) throws Exception {
        try (SageProcess process = start(archives, options, arguments)) {
            return process.ended();
        }
    }

    private SageProcess start(String archives, String options, String... arguments) throws IOException {
        List<String> command = List.of(
                "env",
                "-u",
                "SAGE_NODE",
                "-u",
                "SAGE_TOKEN",
                "SAGE_HOME=" + folder.resolve("home"),
                "SAGE_ARCHIVES=" + archives,
                "SAGE_JAVA_OPTS=" + options,
                sage.toString());
        return SageProcess.start(folder, command, arguments);
    }
}
