package dev.sage.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests made up from openapi.yaml, good and bad ones, find neither a 5xx nor an answer that is not described. */
@Tag("any-java")
class SchemathesisTest {
    private static final int UNAVAILABLE = 75;

    @Test
    void madeUpRequestsFindNothing(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("output.txt");
        try (TestServer server = TestServer.ofEndedJobs()) {
            server.train();
            Process process = new ProcessBuilder(
                            "../dev/schemathesis.sh", "http://127.0.0.1:" + server.port(), TestServer.TOKEN, "40")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                assertThat(process.waitFor(400, TimeUnit.SECONDS))
                        .as("ended in time")
                        .isTrue();
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            String text = Files.readString(output);
            assumeThat(process.exitValue()).as(text).isNotEqualTo(UNAVAILABLE);
            assertThat(process.exitValue()).as(text).isZero();
        }
    }
}
