package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The node may not write to its file any more, as on a disk that is full or was made read-only. */
@EnabledOnOs(OS.LINUX)
class SqliteNodeOutageTest extends NodeOutageContract {
    @Override
    List<String> journal() {
        return List.of();
    }

    /** No file of the node may grow beyond the journal's first page, and none be written to behind it. */
    @Override
    void takeAway(NodeProcess node) throws Exception {
        limitFiles(node, "4096");
    }

    @Override
    void giveBack(NodeProcess node) throws Exception {
        limitFiles(node, "unlimited");
    }

    /** Only the soft limit, as the hard one cannot be raised again. */
    private static void limitFiles(NodeProcess node, String bytes) throws IOException, InterruptedException {
        Process prlimit = new ProcessBuilder("prlimit", "--pid", Long.toString(node.pid()), "--fsize=" + bytes + ":")
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor()).isZero();
    }
}
