package dev.sage.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.sage.api.SageException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {
    @Test
    void theDefaultsAreWithinTheirBounds() {
        HttpSettings settings = with("{}");

        assertThat(settings.keepAlive()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.jsonBytes()).isEqualTo(16_777_216);
    }

    @Test
    void whatIsOutOfBoundsIsRefusedWithItsKeyValueAndBound() {
        assertThatThrownBy(() -> with("{ sage.node.http.streams = 0 }"))
                .isInstanceOf(SageException.class)
                .hasMessage("sage.node.http.streams is 0; it must be from 1 to 100000.");
        assertThatThrownBy(() -> with("{ sage.node.http.body-within = 0s }"))
                .hasMessage("sage.node.http.body-within is PT0S; it must be positive.");
        assertThatThrownBy(() -> with("{ sage.node.http.keep-alive = 31s }"))
                .hasMessageContaining("keep-alive is PT31S and exceeds half of sage.node.http.idle-timeout");
    }

    private static HttpSettings with(String overrides) {
        return HttpSettings.of(
                ConfigFactory.parseString(overrides).withFallback(ConfigFactory.defaultReference()), "127.0.0.1", 0);
    }
}
