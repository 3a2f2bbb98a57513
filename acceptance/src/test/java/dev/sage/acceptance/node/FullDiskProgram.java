package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions;
import dev.sage.client.http.NodeProblemException;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobView;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What {@link FullDiskTest} sees: a node whose state folder is a small file system of its own. */
final class FullDiskProgram {
    private static final String WHEN_FULL = "when-full-";

    private final Path folder;
    private final NodeProcess node;
    private final Map<String, String> acknowledged = new HashMap<>();
    private final Set<String> refused = new HashSet<>();

    private FullDiskProgram(Path folder) throws IOException {
        this.folder = folder;
        this.node = NodeProcess.start(folder, List.of("sage.node.registry.retry-after-at-most=500ms"));
    }

    /** @param arguments the folder of the node, with the file system mounted at {@code home} in it */
    public static void main(String[] arguments) throws Exception {
        FullDiskProgram program = new FullDiskProgram(Path.of(arguments[0]));
        NodeProcess node = program.node;
        try (node) {
            program.run();
        } catch (Throwable failure) {
            failure.printStackTrace(System.out);
            System.exit(1);
        }
        System.exit(0);
    }

    private void run() throws Exception {
        Path ticks = folder.resolve("ticks");
        String running = submit("running", 1, "while :; do echo tick >> " + ticks + "; sleep 0.05; done");
        String queued = submit("queued", 1, "true");
        node.requests().awaitState(running, JobState.RUNNING);

        Path filler = node.home().resolve("filler");
        fill(filler);
        // The database has some room left in its own files.
        for (int i = 0; !refused.contains("registry.away"); i++) {
            assertThat(i).as("submissions to a full disk").isLessThan(10_000);
            trySubmit(WHEN_FULL + i);
        }
        assertThat(refused).contains("registry.unavailable").isSubsetOf("registry.unavailable", "registry.away");
        await("the node says why it is not ready")
                .untilAsserted(() -> assertThat(readiness()).satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("node.not-ready");
                    assertThat(problem.detail())
                            .contains("the database cannot be used since")
                            .contains("full");
                }));
        assertThat(node.requests().http().getText("/healthz")).contains("ok");
        long before = Files.size(ticks);
        await("a job runs on").until(() -> Files.size(ticks) > before + 50);

        Files.delete(filler);
        await("the node is ready again").until(() -> readiness() == null);
        node.requests().cancel(running);
        for (String key : List.copyOf(acknowledged.keySet())) {
            if (key.startsWith(WHEN_FULL)) {
                assertThat(submit(key, 0, "true")).as("the job of %s", key).isEqualTo(acknowledged.get(key));
            }
        }
        String late = submit("late", 0, "true");
        assertAllAreThere();
        node.requests().assertEnded(running, JobState.CANCELLED);
        node.requests().assertEnded(queued, JobState.COMPLETED);
        node.requests().assertEnded(late, JobState.COMPLETED);
        Map<String, JobState> states = states();

        node.kill();
        node.restart();
        assertThat(states()).isEqualTo(states);
    }

    private void assertAllAreThere() throws IOException {
        for (JobView job : node.requests().jobs()) {
            node.requests().awaitEnd(job.id());
        }
        // Whether those were taken whose acknowledgement failed is not known.
        assertThat(states().keySet()).containsAll(acknowledged.values());
        assertThat(node.requests().jobs()).extracting(JobView::key).doesNotHaveDuplicates();
    }

    private Map<String, JobState> states() throws IOException {
        Map<String, JobState> states = new HashMap<>();
        node.requests().jobs().forEach(job -> states.put(job.id(), job.state()));
        return states;
    }

    private String submit(String key, int gpus, String script) throws IOException {
        String id = node.requests()
                .submit(
                        key,
                        SubmitOptions.autostop().detached(),
                        new CommandLine(List.of("sh", "-c", script), null, null, gpus, 0),
                        key)
                .id();
        acknowledged.putIfAbsent(key, id);
        return id;
    }

    private void trySubmit(String key) throws IOException {
        try {
            submit(key, 0, "true");
        } catch (NodeProblemException problem) {
            refused.add(problem.code());
        }
    }

    /** To the last byte. */
    private static void fill(Path filler) throws IOException {
        for (int bytes = 1 << 16; bytes > 0; bytes /= 2) {
            byte[] some = new byte[bytes];
            try (OutputStream out =
                    Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(some);
                }
            } catch (IOException full) {
                assertThat(full).hasMessageContaining("No space left");
            }
        }
    }

    /** Null when it is ready. */
    private NodeProblemException readiness() {
        return catchThrowableOfType(
                NodeProblemException.class, () -> node.requests().http().getText("/readyz"));
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Jvm.BOUND);
    }
}
