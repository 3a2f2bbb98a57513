package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.acceptance.kill.Marked;
import dev.sage.client.RemoteEnvironment;
import dev.sage.client.RemoteOptions;
import dev.sage.client.http.HttpTimes;
import dev.sage.client.http.NodeAddress;
import dev.sage.client.http.NodeHttp;
import dev.sage.node.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The real node in a JVM of its own, with a state folder of its own and one GPU that is none. It can be ended in each way
 * and started again at the same place.
 */
final class NodeProcess implements AutoCloseable {
    static final int TERMINATED = 128 + 15;
    static final int INTERRUPTED = 128 + 2;
    private static final String READY = "Sage node ready at http://127.0.0.1:";
    /** A second is what the guardian of a killed node has; the machine of a test may be slow. */
    private static final Duration GONE_WITHIN = Duration.ofSeconds(10);

    private final String mark = UUID.randomUUID().toString();
    private final Path folder;
    private final List<String> settings;
    private Jvm jvm;
    private int port;

    private NodeProcess(Path folder, List<String> settings) throws IOException {
        this.folder = folder;
        this.settings = settings;
        jvm = launch();
        port = awaitReady();
    }

    /**
     * Waits until it is ready.
     *
     * @param settings as {@code key=value}, besides those of all tests
     */
    static NodeProcess start(Path folder, List<String> settings) throws IOException {
        return new NodeProcess(folder, settings);
    }

    private Jvm launch() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--port",
                Integer.toString(port),
                "--gpus",
                "0",
                "sage.gpus.idle-check.when=off",
                "sage.locks-folder=" + folder.resolve("locks"),
                "sage.process.stop-within=500ms"));
        arguments.addAll(settings);
        return Jvm.start(mark, home(), List.of(), Main.class, arguments);
    }

    private int awaitReady() {
        try {
            String line = jvm.awaitLine(READY);
            return Integer.parseInt(line.substring(READY.length(), line.indexOf(' ', READY.length())));
        } catch (AssertionError | RuntimeException notReady) {
            jvm.close();
            throw notReady;
        }
    }

    /** After its end, at the same port. */
    void restart() throws IOException {
        assertThat(jvm.isAlive()).as("it has ended: %s", jvm).isFalse();
        jvm = launch();
        assertThat(awaitReady()).isEqualTo(port);
    }

    Path home() {
        return folder.resolve("home");
    }

    NodeAddress address() {
        return new NodeAddress("127.0.0.1", port);
    }

    String token() throws IOException {
        return Files.readString(home().resolve("token")).strip();
    }

    RemoteOptions options() throws IOException {
        return RemoteOptions.DEFAULT.token(token());
    }

    RemoteEnvironment connect(String name) throws IOException {
        return RemoteEnvironment.connect(name, "127.0.0.1", port, options());
    }

    NodeRequests requests() throws IOException {
        return new NodeRequests(new NodeHttp(address(), Optional.of(token()), HttpTimes.DEFAULT));
    }

    /** By HTTP. @return the exit code */
    int stop() throws IOException, InterruptedException {
        requests().http().postText("/v1/node/stop", null);
        return jvm.awaitExit(Jvm.BOUND);
    }

    /** @return the exit code */
    int signal(String name) throws IOException, InterruptedException {
        jvm.signal(name);
        return jvm.awaitExit(Jvm.BOUND);
    }

    int terminate() throws IOException, InterruptedException {
        return signal("TERM");
    }

    /** With -9. */
    void kill() throws IOException, InterruptedException {
        signal("KILL");
    }

    long pid() {
        return jvm.pid();
    }

    boolean isAlive() {
        return jvm.isAlive();
    }

    /** Itself, its guardian, and the programs of its jobs. */
    List<Marked> processes() throws IOException {
        return Marked.of(mark);
    }

    /** None before anything is held outside of the node. */
    private List<Path> ledgerFiles() throws IOException {
        if (!Files.exists(home().resolve("ledger"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(home().resolve("ledger"))) {
            return files.toList();
        }
    }

    /** No process that came from it, and nothing in its ledger. */
    void assertNothingIsLeft() throws IOException {
        assertNoProcessIsLeft();
        assertThat(ledgerFiles()).as(this::toString).isEmpty();
    }

    void assertNoProcessIsLeft() {
        Awaitility.await("no process is left of " + this)
                .pollInterval(Duration.ofMillis(10))
                .atMost(GONE_WITHIN)
                .untilAsserted(() -> assertThat(processes()).isEmpty());
    }

    /** Ends it, where no test did, and sees that nothing is left of it. */
    @Override
    public void close() throws IOException {
        try {
            if (jvm.isAlive()) {
                assertThat(terminate()).as(this::toString).isEqualTo(TERMINATED);
            }
            assertNothingIsLeft();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while this was to end: " + this, e);
        } finally {
            jvm.close();
            processes().forEach(Marked::kill);
        }
    }

    @Override
    public String toString() {
        return jvm.toString();
    }
}
