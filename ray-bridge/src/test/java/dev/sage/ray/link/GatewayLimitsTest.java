package dev.sage.ray.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.sage.api.SageException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayLimitsTest {
    private static GatewayLimits limits(Map<String, ?> given) {
        return GatewayLimits.read(ConfigFactory.parseMap(given)
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    }

    @Test
    void theDefaultsAreThoseOfAGatewayWithoutSettings() {
        GatewayOptions plain = GatewayOptions.of(Path.of("jars"), "127.0.0.1:6379", "test", Path.of("code"));
        assertThat(plain.within(limits(Map.of()))).isEqualTo(plain);
    }

    @Test
    void whatIsSetIsWhatTheGatewayHas() {
        GatewayOptions options = GatewayOptions.of(Path.of("jars"), "127.0.0.1:6379", "test", Path.of("code"))
                .within(limits(Map.of(
                        "sage.ray.gateway.max-frame-bytes", 2_000_000,
                        "sage.ray.gateway.max-waiting-requests", 7,
                        "sage.ray.gateway.max-waiting-bytes", 3_000_000,
                        "sage.ray.gateway.bundle-calls", 5)));
        assertThat(options.maxFrameBytes()).isEqualTo(2_000_000);
        assertThat(options.maxWaitingRequests()).isEqualTo(7);
        assertThat(options.maxWaitingBytes()).isEqualTo(3_000_000);
        assertThat(options.bundleCalls()).isEqualTo(5);
    }

    @Test
    void oneOutOfBoundsIsRefusedWithItsKeyItsValueAndItsBounds() {
        refused("max-frame-bytes", 1_000, "1048576 to 268435456");
        refused("max-waiting-requests", 0, "1 to 1000000");
        refused("max-waiting-bytes", 2_000_000, "134217728 to");
        refused("bundle-calls", 0, "1 to 1024");
    }

    private static void refused(String key, int value, String bounds) {
        assertThatThrownBy(() -> limits(Map.of("sage.ray.gateway." + key, value)))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("sage.ray.gateway." + key + " is " + value)
                .hasMessageContaining(bounds);
    }
}
