package dev.sage.runtime.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ProcessService;
import dev.sage.api.RestartPolicy;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.node.Outside;
import dev.sage.runtime.service.ServiceMaker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes whose service forgot to end them. */
class LocalOutsideTest {
    @TempDir
    private Path folder;

    private final BlockingThreads threads = BlockingThreads.create("outside");
    private Outside outside;

    @BeforeEach
    void start() {
        outside = LocalOutside.start(
                SageSettings.load(Map.of(
                        "sage.home", folder.resolve("home").toString(),
                        "sage.locks-folder", folder.resolve("locks").toString())),
                threads);
    }

    @AfterEach
    void end() {
        outside.close();
        threads.close();
    }

    @Test
    void aKeptProcessIsEndedBeforeWhatItHadIsGivenBack() throws Exception {
        ProcessHandle process = started("j");
        Outside.Release release = outside.releaseHolder("j", "sleeper");
        assertThat(process.isAlive()).isFalse();
        assertThat(release.lines()).singleElement().satisfies(line -> {
            assertThat(line.kind()).isEqualTo("process");
            assertThat(line.outcome()).isEqualTo(CleanupReport.Outcome.RELEASED);
        });
    }

    @Test
    void theCloseEndsWhatStillRuns() throws Exception {
        ProcessHandle process = started(ServiceMaker.sharedId("sleeper"));
        outside.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(folder.resolve("home/ledger")).isEmptyDirectory();
    }

    @Test
    void nobodyElseCanReadWhatAProcessPrints() throws Exception {
        Files.createDirectory(
                folder.resolve("home"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        started("j");
        Path file = outside.outputFile("j", "sleeper");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        for (Path parent : List.of(file.getParent(), file.getParent().getParent())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parent)))
                    .isEqualTo("rwx------");
        }
    }

    private ProcessHandle started(String job) throws Exception {
        ServiceSpec spec = new ServiceSpec(
                "sleeper",
                new ServiceBody.OfProcess(ProcessService.command("sleep", "1000"), false),
                1,
                Optional.empty(),
                RestartPolicy.never(),
                List.of(),
                caller -> {});
        ProcessEndpoint service = (ProcessEndpoint) outside.make(job, spec, false);
        service.start();
        return ProcessHandle.of(service.pid()).orElseThrow();
    }
}
