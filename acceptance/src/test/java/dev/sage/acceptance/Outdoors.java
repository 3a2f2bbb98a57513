package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.acceptance.SageProcess.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The outside of the Sage programs of one test: a state folder and a folder of locks of their own, and four GPUs that are
 * none.
 */
record Outdoors(Path folder) {
    private static final List<String> SETTINGS =
            List.of("-Dsage.gpus.ids=0-3", "-Dsage.gpus.idle-check.when=off", "-XX:TieredStopAtLevel=1");

    private Path home() {
        return folder.resolve("home");
    }

    /** Options of a JVM. */
    List<String> options(String... more) {
        List<String> options = new ArrayList<>(SETTINGS);
        options.add("-Dsage.locks-folder=" + folder.resolve("locks"));
        options.add("-Dsage.home=" + home());
        options.addAll(List.of(more));
        return options;
    }

    /** What becomes {@code bin/sage} there. */
    List<String> sage(String... moreOptions) {
        return List.of(
                "env",
                "SAGE_JAVA_OPTS=" + String.join(" ", options(moreOptions)),
                SageProcess.command().toString());
    }

    SageProcess start(String... arguments) throws IOException {
        return SageProcess.start(folder, sage(), arguments);
    }

    Ended run(String... arguments) throws IOException, InterruptedException {
        try (SageProcess process = start(arguments)) {
            return process.ended();
        }
    }

    /** No process of these ids, no port of these numbers, and nothing in the ledgers. */
    void assertNothingIsLeft(List<Long> processes, List<Integer> ports) throws IOException, InterruptedException {
        assertThat(processes).noneMatch(Outdoors::runs);
        for (int port : ports) {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
        try (Stream<Path> ledgers = Files.list(home().resolve("ledger"))) {
            assertThat(ledgers).isEmpty();
        }
        assertThat(run("check")).isEqualTo(new Ended(0, List.of("Nothing is held (" + home() + ")."), List.of()));
    }

    /** One that has ended, but was not waited for, has no program any more. */
    private static boolean runs(long pid) {
        return ProcessHandle.of(pid)
                .filter(process -> process.info().command().isPresent())
                .isPresent();
    }
}
