package dev.sage.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.SageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterAddressTest {
    @Test
    void isHostAndPort() {
        assertThat(ClusterAddress.parse("head.example:6379")).isEqualTo(new ClusterAddress("head.example", 6379));
        assertThat(ClusterAddress.parse("[::1]:6379")).hasToString("[::1]:6379");
    }

    @Test
    void ofPythonsClientProtocolIsRefusedWithTheRightOneNamed() {
        assertThatThrownBy(() -> ClusterAddress.parse("ray://head:10001"))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("'ray://head:10001', is for Python's Ray Client")
                .hasMessageContaining("Name the GCS instead, as host:port without ray://; its usual port is 6379");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "head", "head:", ":6379", "head:0", "head:65536", "http://head:6379", "a b:6379", "auto"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> ClusterAddress.parse(text))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("for example 127.0.0.1:6379");
    }
}
