package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.acceptance.SageProcess.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/sage} with a node in a process and a home of its own: what a user types on the first day. */
@EnabledOnOs(OS.LINUX)
class CommandLineNodeTest {
    @TempDir
    private Path folder;

    private int port;

    @BeforeEach
    void startNode() throws Exception {
        SageProcess.prepare();
        // It may be taken by another before the node has it, and then the start says so.
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = any.getLocalPort();
        }
        Ended started = sage("jobmanager", "start", "--port", String.valueOf(port));
        assertThat(started.code()).as("%s", started).isZero();
        assertThat(started.out().get(0)).startsWith("Sage node ready at http://127.0.0.1:" + port);
    }

    @AfterEach
    void stopNode() throws Exception {
        sage("jobmanager", "stop");
    }

    @Test
    void aCommandIsSubmittedShownAndListed() throws Exception {
        Ended done = sage("submit", "--", "sh", "-c", "echo one; echo two");
        assertThat(done).isEqualTo(new Ended(0, List.of("one", "two"), List.of()));

        assertThat(sage("submit", "--", "sh", "-c", "exit 7").code()).isEqualTo(7);
        assertThat(sage("submit", "--", "no-such-program").code()).isEqualTo(127);

        Ended list = sage("job", "list");
        assertThat(list.code()).isZero();
        assertThat(list.out()).hasSize(4);
        assertThat(list.out().get(1)).contains("no-such-program", "FAILED");
        assertThat(list.out().get(3)).contains("sh", "COMPLETED");
        assertThat(sage("jobmanager", "start").code()).as("a second one").isEqualTo(1);
    }

    @Test
    void aDetachedJobIsSeenByItsPrefixAndEndedWithTheNode() throws Exception {
        Ended submitted = sage("submit", "--detach", "--", "sleep", "1000");
        assertThat(submitted.code()).isZero();
        String id = submitted.out().get(0);

        try (SageProcess events = start("job", "events", id, "-f")) {
            events.awaitOut("STARTING → RUNNING");
            assertThat(sage("job", "events", id.substring(0, 7)).code()).isZero();
            assertThat(sage("job", "show", "--json", id.substring(0, 7)).out())
                    .singleElement()
                    .asString()
                    .contains("\"state\":\"RUNNING\"");

            Ended stopped = sage("jobmanager", "stop");
            assertThat(stopped.code()).isZero();
            assertThat(stopped.out())
                    .anyMatch(line -> line.contains("Being ended and cleaned up: job " + id))
                    .anyMatch(line -> line.contains("process sleep [stop-processes] released"))
                    .anyMatch(line -> line.contains(id + "  CANCELLED"))
                    .anyMatch(line -> line.contains("has ended, in "));
        }
        assertThat(sage("jobmanager", "status").code()).isEqualTo(3);
        assertThat(Files.readString(folder.resolve("node/node.log"))).contains("Ready at", "Ended");
    }

    @Test
    void interruptCancelsTheJobAndTellsItsCleanUp() throws Exception {
        try (SageProcess submit = start("submit", "--", "sh", "-c", "echo on; sleep 1000")) {
            submit.awaitOut("on");
            submit.signal("INT");

            Ended ended = submit.ended();
            assertThat(ended.code()).isEqualTo(130);
            assertThat(ended.err())
                    .anyMatch(line -> line.contains("is being cancelled and cleaned up"))
                    .anyMatch(line -> line.contains("process sh [stop-processes] released"))
                    .anyMatch(line -> line.contains("is CANCELLED"));
        }
    }

    private Ended sage(String... arguments) throws Exception {
        try (SageProcess process = start(arguments)) {
            return process.ended();
        }
    }

    private SageProcess start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "-u",
                "SAGE_NODE",
                "-u",
                "SAGE_TOKEN",
                "SAGE_ARCHIVES=none",
                "SAGE_HOME=" + folder,
                SageProcess.command().toString()));
        return SageProcess.start(folder, command, arguments);
    }
}
