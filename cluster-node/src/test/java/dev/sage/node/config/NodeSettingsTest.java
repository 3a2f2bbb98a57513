package dev.sage.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.sage.api.SageException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSettingsTest {
    private static NodeSettings of(Map<String, ?> values) {
        return NodeSettings.of(ConfigFactory.parseMap(values).withFallback(ConfigFactory.load()));
    }

    @Test
    void defaultsAreForThisMachineOnly() {
        NodeSettings settings = of(Map.of());

        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.jobs().leaseTimeToLive()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.jobs().finishWithin()).isZero();
    }

    @Test
    void othersMachinesNeedTheWordOfTheOperator() {
        assertThatThrownBy(() -> of(Map.of("sage.node.host", "0.0.0.0"))).hasMessageContaining("--insecure-bind");

        assertThat(of(Map.of("sage.node.host", "0.0.0.0", "sage.node.insecure-bind", "on"))
                        .host())
                .isEqualTo("0.0.0.0");
    }

    @ParameterizedTest
    @CsvSource({
        "host, ' '",
        "port, -1",
        "port, 65536",
        "lease.time-to-live, 999ms",
        "jobs.ended-in-memory, 0",
        "jobs.output-lines, 0",
        "jobs.graph-in-journal, -1",
        "jobs.graphs-in-journal, 2 GiB",
        "stop.finish-within, -1s",
        "stop.drain-within, 0s"
    })
    void whatIsOutOfBoundsIsRefusedWithItsKey(String key, String value) {
        assertThatThrownBy(() -> of(Map.of("sage.node." + key, value)))
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo("config.invalid"))
                .hasMessageContaining("sage.node." + key);
    }
}
