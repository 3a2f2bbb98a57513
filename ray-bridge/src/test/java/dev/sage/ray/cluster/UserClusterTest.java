package dev.sage.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.spi.RayControl;
import dev.sage.api.spi.RayControl.Cluster;
import dev.sage.api.spi.RayControl.Up;
import dev.sage.api.spi.RayControl.Wanted;
import dev.sage.ray.TestHost;
import dev.sage.ray.TestRay;
import dev.sage.runtime.process.ProcessTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("any-java")
class UserClusterTest {
    private static final RayControl.Progress SILENT = new RayControl.Progress() {
        @Override
        public void step(String what) {}

        @Override
        public void downloaded(long bytes, long total) {}
    };

    @TempDir
    Path home;

    private final UserCluster control = new UserCluster();

    @AfterEach
    void down() throws Exception {
        control.down(settings());
    }

    @Test
    void isUpForOtherProgramsUntilItIsDown() throws Exception {
        RayInstallation installation = TestRay.installation(RayInstallation.PINNED);
        Up up = control.up(settings(), wanted(installation, Optional.empty()), SILENT);
        assertThat(up.before()).isFalse();
        assertThat(up.cluster().running()).isTrue();
        assertThat(control.up(settings(), wanted(installation, Optional.empty()), SILENT))
                .isEqualTo(new Up(up.cluster(), true));
        Path folder =
                ClusterRecord.read(home.resolve("ray")).orElseThrow().folder().orElseThrow();

        try (TestHost host = new TestHost(home, Map.of());
                RayCluster found = RayClusters.find(host, ClusterSettings.read(host.config()))) {
            assertThat(found.address()).hasToString(up.cluster().address());
            assertThat(found.owned()).isFalse();
        }
        assertThat(control.status(settings())).contains(up.cluster());
        try (TestHost elsewhere = new TestHost(home.resolve("elsewhere"), settings())) {
            elsewhere.takeGpus("trainer", List.of(0));
            assertThatThrownBy(() -> elsewhere.takeGpus("trainer", List.of(3)))
                    .hasMessageContaining("for 'sage ray up'")
                    .hasMessageContaining("pid " + up.cluster().pid().orElseThrow());
            elsewhere.giveGpusBack("trainer");
        }

        assertThat(control.down(settings())).contains(up.cluster());
        assertThat(ProcessTree.using(folder).members()).isEmpty();
        assertThat(folder).doesNotExist();
        assertThat(control.status(settings())).isEmpty();
        try (TestHost elsewhere = new TestHost(home.resolve("elsewhere"), settings())) {
            elsewhere.takeGpus("trainer", List.of(3));
            assertThatThrownBy(() -> control.up(settings(), wanted(installation, Optional.empty()), SILENT))
                    .hasMessageContaining("The cluster cannot have GPU 3, which is held by")
                    .hasMessageContaining("for 'trainer'");
            elsewhere.giveGpusBack("trainer");
        }
        assertThat(control.status(settings())).isEmpty();
    }

    @Test
    void oneThatDiedIsToldAndTakenAwayWithAllThatItLeft() throws Exception {
        RayInstallation installation = TestRay.installation(RayInstallation.PINNED);
        Cluster cluster = control.up(settings(), wanted(installation, Optional.empty()), SILENT)
                .cluster();
        Path folder =
                ClusterRecord.read(home.resolve("ray")).orElseThrow().folder().orElseThrow();
        ProcessHandle first = ProcessHandle.of(cluster.pid().orElseThrow()).orElseThrow();
        first.destroyForcibly();
        first.onExit().get();
        assertThat(control.status(settings()).orElseThrow().running()).isFalse();

        control.down(settings());
        assertThat(ProcessTree.using(folder).members()).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void anAddressOfPythonsClientProtocolIsRefused() throws Exception {
        assertThatThrownBy(() -> control.up(
                        settings(),
                        wanted(TestRay.installation(RayInstallation.PINNED), Optional.of("ray://127.0.0.1:10001")),
                        SILENT))
                .hasMessageContaining("without ray://");
        assertThat(control.status(settings())).isEmpty();
    }

    @Test
    void withoutOneAndWithoutAutostartTheErrorSaysWhatToDo() {
        try (TestHost host = new TestHost(home, Map.of("sage.ray.autostart", false))) {
            assertThatThrownBy(() -> RayClusters.find(host, ClusterSettings.read(host.config())))
                    .hasMessageContaining("No Ray cluster is up, and sage.ray.autostart is off")
                    .hasMessageContaining("sage ray up");
        }
    }

    private Map<String, ?> settings() {
        return Map.of(
                "sage.home",
                home.toString(),
                "sage.ray.cluster.object-store-bytes",
                80_000_000,
                "sage.ray.cluster.ready-within",
                "180s",
                "sage.locks-folder",
                home.resolve("locks").toString(),
                "sage.gpus.idle-check.when",
                "off");
    }

    private static Wanted wanted(RayInstallation installation, Optional<String> address) {
        return new Wanted(address, Optional.of(installation.python()), 0, Optional.of(1), List.of(3));
    }
}
