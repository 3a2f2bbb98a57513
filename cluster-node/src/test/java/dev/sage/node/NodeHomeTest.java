package dev.sage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.SageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home has one node, one token, and one reader. */
class NodeHomeTest {
    @TempDir
    Path folder;

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void refused(String code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void secondNodeIsRefusedAndToldWhereTheFirstIs() throws IOException {
        try (NodeHome home = NodeHome.open(folder)) {
            refused("node.running", () -> NodeHome.open(folder));
            home.describe("{\"pid\":4711}".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> NodeHome.open(folder))
                    .hasMessageContaining("4711")
                    .hasMessageContaining("sage jobmanager stop");
        }
        NodeHome.open(folder).close();
        assertThat(folder.resolve("node/node.json")).doesNotExist();
    }

    @Test
    void librariesThatAKilledNodeLeftAreDeleted() throws IOException {
        try (NodeHome home = NodeHome.open(folder)) {
            Files.createFile(home.libraries().resolve("left.so"));
        }
        try (NodeHome home = NodeHome.open(folder)) {
            assertThat(home.libraries()).isEmptyDirectory();
        }
    }

    @Test
    void tokenIsMadeOnceAndOnlyItsOwnerMayReadIt() throws IOException {
        String token;
        try (NodeHome home = NodeHome.open(folder)) {
            token = home.token();
            assertThat(token).matches("[A-Za-z0-9_-]{43}");
            assertThat(permissions(folder.resolve("token"))).isEqualTo("rw-------");
        }
        try (NodeHome home = NodeHome.open(folder)) {
            assertThat(home.token()).isEqualTo(token);
        }
    }

    @Test
    void tokenThatOthersMayReadIsRefused() throws IOException {
        try (NodeHome home = NodeHome.open(folder)) {
            home.token();
            Files.setPosixFilePermissions(folder.resolve("token"), PosixFilePermissions.fromString("rw-r-----"));
            refused("token.readable", home::token);
        }
    }

    @Test
    void emptyTokenIsRefused() throws IOException {
        try (NodeHome home = NodeHome.open(folder)) {
            home.token();
            Files.writeString(folder.resolve("token"), "\n");
            refused("token.empty", home::token);
        }
    }

    @Test
    void folderThatWasOpenToOthersIsClosedToThem() throws IOException {
        Path node = Files.createDirectories(folder.resolve("node"));
        Files.setPosixFilePermissions(node, PosixFilePermissions.fromString("rwxr-xr-x"));

        NodeHome.open(folder).close();

        assertThat(permissions(node)).isEqualTo("rwx------");
    }

    @Test
    void homeThatIsAFileIsRefusedWithWhatToDo() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> NodeHome.open(file))
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo("home.unusable"))
                .hasMessageContaining("SAGE_HOME");
    }
}
