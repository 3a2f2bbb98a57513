package dev.sage.ray.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewaySettingsTest {
    @Test
    void noCallsGoTogetherWhereRayEncryptsWhatItSends() {
        assertThat(with(Map.of("RAY_USE_TLS", "1")).bundleCalls()).isEqualTo(1);
        assertThat(with(Map.of("RAY_USE_TLS", "true")).bundleCalls()).isEqualTo(1);
        assertThat(with(Map.of("RAY_USE_TLS", "0")).bundleCalls()).isEqualTo(64);
        assertThat(with(Map.of()).bundleCalls()).isEqualTo(64);
    }

    private static GatewaySettings with(Map<String, String> environment) {
        return GatewaySettings.of("100", "64", environment);
    }
}
