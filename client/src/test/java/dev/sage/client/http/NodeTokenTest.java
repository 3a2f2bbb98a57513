package dev.sage.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token goes to the node that it is for. */
class NodeTokenTest {
    @TempDir
    Path home;

    @BeforeEach
    void write() throws Exception {
        Files.writeString(home.resolve("token"), "of-this-machine\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.0.1", "localhost", "[::1]"})
    void theFilesGoesToThisMachine(String host) {
        assertThat(NodeToken.find(Map.of("SAGE_HOME", home.toString()), new NodeAddress(host, 1)))
                .contains("of-this-machine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"build7", "10.0.0.1", "127.example.com", "localhost.example.com"})
    void theFilesGoesNowhereElse(String host) {
        assertThat(NodeToken.find(Map.of("SAGE_HOME", home.toString()), new NodeAddress(host, 1)))
                .isEmpty();
    }

    @Test
    void theStateFolderIsTheVariableThenThePropertyThenTheUsualOne() {
        Map<String, String> set = Map.of("SAGE_HOME", " /a/../b ", "XDG_STATE_HOME", "/x");
        System.setProperty("sage.home", "property");
        try {
            assertThat(NodeToken.home(set)).isEqualTo(Path.of("/b"));
            assertThat(NodeToken.home(Map.of("SAGE_HOME", " ", "XDG_STATE_HOME", "/x")))
                    .isEqualTo(Path.of("property").toAbsolutePath());
        } finally {
            System.clearProperty("sage.home");
        }
        assertThat(NodeToken.home(Map.of("XDG_STATE_HOME", "/x"))).isEqualTo(Path.of("/x/sage"));
        assertThat(NodeToken.home(Map.of("XDG_STATE_HOME", "x")))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".local/state/sage"));
    }

    @Test
    void theVariableGoesWhereItsUserSays() {
        assertThat(NodeToken.find(
                        Map.of("SAGE_HOME", home.toString(), "SAGE_TOKEN", "given"), new NodeAddress("build7", 1)))
                .contains("given");
    }
}
