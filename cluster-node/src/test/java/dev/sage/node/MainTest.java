package dev.sage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.SageException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void optionsAndSettingsBecomeSettings() {
        assertThat(Main.settings(List.of(
                        "--host",
                        "127.0.0.2",
                        "--port",
                        "0",
                        "--gpus",
                        "0,1",
                        "--port-range",
                        "38000-38010",
                        "--insecure-bind",
                        "sage.job.max-running=2",
                        "a=b=c")))
                .isEqualTo(Map.of(
                        "sage.node.host", "127.0.0.2",
                        "sage.node.port", "0",
                        "sage.gpus.ids", "0,1",
                        "sage.ports.range", "38000-38010",
                        "sage.node.insecure-bind", "on",
                        "sage.job.max-running", "2",
                        "a", "b=c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--prot", "--port", "port", "=5", "--a=b"})
    void whatIsNoOptionIsRefusedByName(String argument) {
        assertThatThrownBy(() -> Main.settings(List.of(argument)))
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo("config.invalid"))
                .hasMessageContaining(argument);
    }

    @Test
    void knownOptionsAreToldInOrder() {
        assertThatThrownBy(() -> Main.settings(List.of("--prot")))
                .hasMessageContaining("[--gpus, --host, --port, --port-range], --insecure-bind and KEY=VALUE");
    }
}
