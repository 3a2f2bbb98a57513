package dev.sage.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterSpecTest {
    private static final RayInstallation INSTALLATION =
            new RayInstallation(Path.of("/venv/bin/python"), "2.60.0", Path.of("/venv/ray"));

    @Test
    void aClusterIsOnLoopbackAloneAndTellsNobodyOfItsUse() {
        ClusterSpec spec = new ClusterSpec(INSTALLATION, 0, List.of(), 80_000_000, ClusterSpec.ANY_PORT);
        assertThat(spec.command(Path.of("/tmp/r")))
                .startsWith("/venv/bin/python")
                .contains("--node-ip-address=127.0.0.1", "--port=0", "--temp-dir=/tmp/r", "--include-dashboard=false")
                .noneMatch(argument -> argument.startsWith("--num-cpus"));
        assertThat(spec.environment(Path.of("/tmp/r/token"), Path.of("/jdk"), "/bin"))
                .containsEntry("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
                .containsEntry("RAY_USAGE_STATS_ENABLED", "0")
                .containsEntry("RAY_AUTH_TOKEN_PATH", "/tmp/r/token")
                .containsEntry("PATH", "/jdk/bin:/bin")
                .doesNotContainKey("CUDA_VISIBLE_DEVICES");
    }

    @Test
    void aClusterHasTheGpusThatItWasGivenAndSeesNoOthers() {
        ClusterSpec spec = new ClusterSpec(INSTALLATION, 3, List.of(2, 5), 80_000_000, 6379);
        assertThat(spec.command(Path.of("/tmp/r"))).contains("--num-gpus=2", "--num-cpus=3", "--port=6379");
        assertThat(spec.environment(Path.of("/t"), Path.of("/jdk"), "/bin"))
                .containsEntry("CUDA_VISIBLE_DEVICES", "2,5")
                .containsEntry("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    }

    @Test
    void settingsOutOfBoundsAreRefusedWithTheirKey() {
        assertThatThrownBy(() -> settings(Map.of("sage.ray.cluster.object-store-bytes", 1000)))
                .hasMessageContaining("sage.ray.cluster.object-store-bytes is 1000; it must be from 78643200");
        assertThatThrownBy(() -> settings(Map.of("sage.ray.cluster.cpus", -1)))
                .hasMessageContaining("sage.ray.cluster.cpus is -1");
        assertThatThrownBy(() -> settings(Map.of("sage.ray.address", "ray://x:1")))
                .hasMessageContaining("ray://x:1");
    }

    @Test
    void withoutSettingsThereIsNoAddressAndNoPythonAndAutostart() {
        ClusterSettings settings = settings(Map.of());
        assertThat(settings.address()).isEmpty();
        assertThat(settings.python()).isEmpty();
        assertThat(settings.autostart()).isTrue();
        assertThat(settings.gpus()).isEmpty();
    }

    private static ClusterSettings settings(Map<String, ?> given) {
        return ClusterSettings.read(ConfigFactory.parseMap(given)
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    }
}
