package dev.sage.acceptance.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folders that all programs of the kill test share, and what may be in them when none of the programs runs. */
record Site(Path folder) {
    private static final String LISTENING = "0A";

    static Site make(Path folder) throws IOException {
        Site site = new Site(folder);
        Files.createDirectories(site.temporary());
        try (var script = Site.class.getResourceAsStream("/kill/server.py")) {
            Files.write(site.server(), script.readAllBytes());
        }
        return site;
    }

    Path server() {
        return folder.resolve("server.py");
    }

    /** In the place of {@code /tmp}, to see what is left there. */
    Path temporary() {
        return folder.resolve("tmp");
    }

    private Path home() {
        return folder.resolve("home");
    }

    private Path locks() {
        return folder.resolve("locks");
    }

    Map<String, String> settings() {
        return Map.of(
                "sage.home",
                home().toString(),
                "sage.locks-folder",
                locks().toString(),
                "sage.gpus.ids",
                "0-3",
                "sage.gpus.idle-check.when",
                "off",
                "sage.queue.recheck-after",
                "1s",
                "sage.process.stop-within",
                "500ms");
    }

    /**
     * The logs of each job, and a lock file for each GPU and port that was ever used, empty when it is free, are all that
     * stays.
     *
     * @param jobs how many there have been at most
     * @param ports that programs were seen to have
     */
    void assertNothingIsLeft(int jobs, Collection<Integer> ports) throws IOException {
        assertThat(in(home())).extracting(Site::name).isSubsetOf("jobs", "ledger");
        assertThat(in(home().resolve("ledger"))).isEmpty();
        assertThat(in(home().resolve("jobs")))
                .hasSizeLessThanOrEqualTo(jobs)
                .allSatisfy(job -> assertThat(in(job))
                        .extracting(Site::name)
                        .isSubsetOf(".owner", "server.log", "trainer.log", "all.log"));
        assertThat(in(locks()))
                .allSatisfy(lock -> assertThat(name(lock)).matches("(gpu-[0-3]|port-\\d+)\\.lock"))
                .allSatisfy(lock -> assertThat(lock).isEmptyFile())
                .hasSizeLessThanOrEqualTo(4 + 2 * jobs);
        assertThat(in(temporary())).isEmpty();
        Set<Integer> listening = listening();
        assertThat(ports).noneMatch(listening::contains);
    }

    private static Set<Integer> listening() throws IOException {
        try (Stream<String> v4 = Files.lines(Path.of("/proc/net/tcp"));
                Stream<String> v6 = Files.lines(Path.of("/proc/net/tcp6"))) {
            return Stream.concat(v4, v6)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields[3].equals(LISTENING))
                    .map(fields -> Integer.valueOf(fields[1].substring(fields[1].lastIndexOf(':') + 1), 16))
                    .collect(Collectors.toSet());
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static List<Path> in(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
