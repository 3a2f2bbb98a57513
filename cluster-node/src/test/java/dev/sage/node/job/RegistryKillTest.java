package dev.sage.node.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobState;
import dev.sage.node.journal.FinishedJobs;
import dev.sage.node.journal.JournalSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a JVM that submits jobs with -9, right after it printed an acknowledgement, and looks for all that it had
 * acknowledged. 10 times on each database, or 500 with {@code -Dsage.tests.nightly=true}, or as often as {@code
 * -Dsage.test.kills} says.
 */
@Tag("any-java")
class RegistryKillTest {
    private static final int KILLS =
            Integer.getInteger("sage.test.kills", Boolean.getBoolean("sage.tests.nightly") ? 500 : 10);
    private static final long SEED = Long.getLong("sage.test.seed", System.nanoTime());
    private static final int MOST_LINES = 400;

    @TempDir
    private Path home;

    private final Map<String, String> idByKey = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Set<String> unseen = new HashSet<>();

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void whatIsAcknowledgedIsThereAfterAKillOnSqlite() throws Exception {
        killAgainAndAgain(Map.of());
    }

    /** The database goes on, with what the killed node had begun. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void whatIsAcknowledgedIsThereAfterAKillOnPostgres() throws Exception {
        try (EmbeddedPostgres postgres = Databases.startPostgres()) {
            killAgainAndAgain(Databases.postgres(postgres, "killed"));
        }
    }

    private void killAgainAndAgain(Map<String, String> settings) throws Exception {
        Random random = new Random(SEED);
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                runAndKill(settings, kill, 1 + random.nextInt(MOST_LINES));
            }
            // The last one's jobs are only seen by a successor.
            runAndKill(settings, KILLS, 1);
        } catch (AssertionError failure) {
            throw new AssertionError("Run it again with -Dsage.test.seed=" + SEED, failure);
        }
        assertThat(idByKey.size()).isGreaterThan(KILLS);
    }

    private void runAndKill(Map<String, String> settings, int round, int lines)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                // What a killed JVM leaves of SQLite's native library goes with the home.
                "-Dorg.sqlite.tmpdir=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                BusyRegistry.class.getName(),
                home.toString(),
                Integer.toString(round)));
        settings.forEach((key, value) -> command.add(key + "=" + value));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader()) {
            String first = output.readLine();
            assertThat(first).startsWith("live");
            Set<String> live = new HashSet<>(Arrays.asList(first.split(" ")));
            try (FinishedJobs history = FinishedJobs.open(JournalSettings.read(TestRegistry.config(settings), home))) {
                assertThat(unseen)
                        .as("acknowledged before the last kill, and gone")
                        .allMatch(id -> live.contains(id) || !history.find(id).isEmpty());
                lookFor(history);
            }
            unseen.clear();
            for (int i = 0; i < lines; i++) {
                note(output.readLine());
            }
            // By its handle, as Process.destroyForcibly would close the pipe; what is in that was acknowledged as well.
            process.toHandle().destroyForcibly();
            output.lines().forEach(this::note);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    private void note(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "taken" -> {
                String before = idByKey.put(words[1], words[2]);
                assertThat(before).as("the first job of key " + words[1]).isIn(null, words[2]);
                unseen.add(words[2]);
            }
            case "ended" -> ended.add(words[1]);
            default -> throw new AssertionError(line);
        }
    }

    private void lookFor(FinishedJobs history) {
        assertThat(ended)
                .as("acknowledged as ended")
                .allSatisfy(id -> assertThat(history.find(id))
                        .singleElement()
                        .satisfies(job -> assertThat(job.view().state()).isEqualTo(JobState.COMPLETED)));
        ended.clear();
    }
}
