package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.acceptance.kill.Deck;
import dev.sage.api.JobState;
import dev.sage.client.RemoteEnvironment;
import dev.sage.client.wire.JobView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills with -9, at a random moment, a client that submits, its node, or both: what was acknowledged is there with one
 * outcome, no key has run twice, and nothing is left.
 *
 * <p>Five rounds, or 200 with {@code -Dsage.tests.nightly=true}, or as many as {@code -Dsage.test.kills} says. A failure
 * prints the seed of all of them.
 */
@Tag("any-java")
@EnabledOnOs(OS.LINUX)
class NodeKillTest {
    private static final int ROUNDS =
            Integer.getInteger("sage.test.kills", Boolean.getBoolean("sage.tests.nightly") ? 200 : 5);
    private static final long SEED = Long.getLong("sage.test.seed", System.nanoTime());
    /** From the first submission on; the last one is acknowledged after about half of it. */
    private static final int LONGEST_MS = 2_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /** Who is killed. */
    enum Victim {
        CLIENT,
        NODE,
        BOTH
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void nothingAcknowledgedIsLostAndNothingRunsTwiceWithOneKey() throws Exception {
        Random random = new Random(SEED);
        Deck<Victim> victims = new Deck<>(List.of(Victim.values()), random);
        try (NodeProcess node =
                NodeProcess.start(folder, List.of("sage.gpus.ids=0-2", "sage.node.lease.time-to-live=1s"))) {
            for (int round = 0; round < ROUNDS; round++) {
                Victim victim = victims.draw();
                int afterMs = random.nextInt(LONGEST_MS);
                try {
                    play(node, round, victim, afterMs);
                } catch (Exception | AssertionError failure) {
                    throw new AssertionError(
                            "Round " + round + " of " + ROUNDS + ", " + victim + " killed after " + afterMs
                                    + " ms; run it again with -Dsage.test.seed=" + SEED + " -Dsage.test.kills="
                                    + (round + 1) + ". The node is " + node,
                            failure);
                }
            }
        }
    }

    private void play(NodeProcess node, int round, Victim victim, int afterMs) throws Exception {
        try (Jvm client = Jvm.startClient(node, KeyedProgram.class, folder.toString(), Integer.toString(round))) {
            client.awaitLine(KeyedProgram.SUBMITTING);
            assertThat(client.endsWithin(afterMs)).as(client::toString).isFalse();
            if (victim != Victim.NODE) {
                client.signal("KILL");
            }
            if (victim != Victim.CLIENT) {
                node.kill();
                node.assertNoProcessIsLeft();
                node.restart();
            }
            client.kill();
            client.awaitExit(Jvm.BOUND);
            Map<String, String> acknowledged = acknowledged(client);
            Map<String, String> all = submitAgain(node, round);
            assertThat(all).as(client::toString).containsAllEntriesOf(acknowledged);
            endAll(node, all);
            assertOneOutcome(node, all);
            assertNothingIsLeft(node, all);
        }
    }

    private static Map<String, String> acknowledged(Jvm client) {
        Map<String, String> ids = new HashMap<>();
        for (String line : client.said()) {
            String[] words = line.split(" ");
            // The last line of a killed program may be cut off.
            if (line.startsWith(KeyedProgram.ACKNOWLEDGED) && words.length == 3 && words[2].length() == 8) {
                ids.put(words[1], words[2]);
            }
        }
        return ids;
    }

    /** As the user's next try would: what was accepted is found by its key, and the rest is accepted now. */
    private Map<String, String> submitAgain(NodeProcess node, int round) throws Exception {
        Map<String, String> ids = new HashMap<>();
        for (KeyedJobs job : KeyedJobs.values()) {
            try (RemoteEnvironment env = node.connect("keyed")) {
                ids.put(job.key(round), job.submit(folder, round, node.requests(), env));
            }
        }
        return ids;
    }

    private void endAll(NodeProcess node, Map<String, String> jobs) throws IOException {
        NodeRequests requests = node.requests();
        for (Map.Entry<String, String> job : jobs.entrySet()) {
            if (job.getKey().endsWith(KeyedJobs.LONG_COMMAND.name())) {
                requests.awaitJob(job.getValue(), "has started", view -> view.state() != JobState.QUEUED);
                requests.cancel(job.getValue());
            }
            requests.awaitEnd(job.getValue());
        }
    }

    private void assertOneOutcome(NodeProcess node, Map<String, String> jobs) throws IOException {
        Map<String, Integer> runs = new HashMap<>();
        KeyedJobs.runs(folder).forEach(run -> runs.merge(run.key(), 1, Integer::sum));
        assertThat(runs).allSatisfy((key, times) -> assertThat(times).isEqualTo(1));
        NodeRequests requests = node.requests();
        List<JobView> listed = requests.jobs();
        assertThat(listed).extracting(JobView::id).doesNotHaveDuplicates();
        assertThat(listed).extracting(JobView::key).doesNotHaveDuplicates();
        jobs.forEach((key, id) -> {
            JobView job = requests.show(id).job();
            assertThat(job.key()).isEqualTo(key);
            assertThat(job.clean()).as("%s", job).isTrue();
            assertThat(job.attempt()).isEqualTo(1);
            if (job.state() == JobState.COMPLETED) {
                assertThat(runs).as("%s", job).containsKey(key);
            } else if (job.state() == JobState.FAILED) {
                assertThat(job.cause()).startsWith("NodeLost");
            } else {
                assertThat(job.state()).as("%s", job).isEqualTo(JobState.CANCELLED);
            }
        });
    }

    private void assertNothingIsLeft(NodeProcess node, Map<String, String> jobs) throws IOException {
        assertThat(node.requests().ledger()).isEmpty();
        Awaitility.await("no program of a job is left")
                .untilAsserted(() -> assertThat(node.processes())
                        .filteredOn(process -> process.command().contains("python3"))
                        .isEmpty());
        for (KeyedJobs.Run run : KeyedJobs.runs(folder)) {
            if (jobs.containsKey(run.key())) {
                new ServerSocket(run.port(), 1, InetAddress.getLoopbackAddress()).close();
            }
        }
    }
}
