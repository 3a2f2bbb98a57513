package dev.sage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.sage.api.JobState;
import dev.sage.client.ship.Digests;
import dev.sage.client.wire.JobPage;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.ShippedCode;
import dev.sage.node.code.ArtifactSettings;
import dev.sage.node.code.ArtifactStore;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.Outcome;
import dev.sage.node.core.RegisteredJob;
import dev.sage.node.core.SomeJobs;
import dev.sage.node.core.Work;
import dev.sage.node.job.Acceptance;
import dev.sage.node.job.FinishedJob;
import dev.sage.node.job.History;
import dev.sage.node.job.JobFiles;
import dev.sage.node.job.Jobs;
import dev.sage.node.job.Registry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files go when no live job needs them and the history has forgotten whose they were, and not before. */
class TidyingTest {
    private static final ArtifactSettings SETTINGS =
            new ArtifactSettings(100, 250, Duration.ofDays(1), Duration.ofSeconds(1));
    private static final byte[] NEEDED = {1};
    private static final byte[] UNUSED = {2};

    @TempDir
    Path folder;

    @Test
    void afterAStartOnlyWhatLiveAndFinishedJobsNeedIsThere() throws Exception {
        ArtifactStore artifacts = unusedSinceLong();
        JobFiles files = JobFiles.open(folder);
        for (String id : List.of("live", "finished", "gone")) {
            Files.createFile(folder.resolve("graphs").resolve(id));
            Files.createDirectory(folder.resolve("jobs").resolve(id));
        }

        new Tidying(new OneLiveJob(), artifacts)
                .afterStart(new OneFinishedJob(), files, Runnable::run)
                .toCompletableFuture()
                .get();

        assertThat(names("graphs")).containsExactly("live");
        assertThat(names("jobs")).containsExactlyInAnyOrder("live", "finished");
        assertThat(names("artifacts")).containsExactly(digest(NEEDED) + ".jar");
    }

    @Test
    void jarsAreLookedForAgainAndAgain() throws Exception {
        ArtifactStore artifacts = unusedSinceLong();
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "tidying", ConfigFactory.load());
        try {
            new Tidying(new OneLiveJob(), artifacts).goOn(system, Duration.ofMillis(20));
            await().untilAsserted(() -> assertThat(names("artifacts")).containsExactly(digest(NEEDED) + ".jar"));
            put(early(), UNUSED);
            await().untilAsserted(() -> assertThat(names("artifacts")).containsExactly(digest(NEEDED) + ".jar"));
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get();
        }
    }

    /** Its clock is far ahead of the last uses of both jars. */
    private ArtifactStore unusedSinceLong() throws IOException {
        put(early(), NEEDED);
        put(early(), UNUSED);
        return store(SomeJobs.NOON.plus(Duration.ofDays(3)));
    }

    private ArtifactStore early() throws IOException {
        return store(SomeJobs.NOON);
    }

    private ArtifactStore store(Instant now) throws IOException {
        return ArtifactStore.open(folder, SETTINGS, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static void put(ArtifactStore artifacts, byte[] jar) throws IOException {
        artifacts.put(digest(jar), new ByteArrayInputStream(jar));
    }

    private static String digest(byte[] bytes) {
        MessageDigest digest = Digests.sha256();
        digest.update(bytes);
        return Digests.hex(digest);
    }

    private List<String> names(String of) throws IOException {
        try (var entries = Files.list(folder.resolve(of))) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    private static final class OneLiveJob implements Registry {
        @Override
        public CompletionStage<List<RegisteredJob>> live() {
            NewJob some = SomeJobs.job("live");
            Work work = new Work.Pipeline(
                    "1", 17, List.of(new ShippedCode.Artifact(digest(NEEDED), "needed.jar", 1)), Optional.empty());
            NewJob job = new NewJob(
                    some.id(), some.name(), some.owner(), some.key(), some.contentHash(), some.options(), work);
            return CompletableFuture.completedFuture(
                    List.of(new RegisteredJob(job, 1, SomeJobs.NOON, Optional.empty(), Optional.empty())));
        }

        @Override
        public CompletionStage<Acceptance> accept(NewJob job) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Done> started(String id, int attempt) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Done> ended(String id, int attempt, Outcome outcome) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Done> cancel(String id, String reason) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Optional<String>> outage() {
            throw new AssertionError();
        }

        @Override
        public History history() {
            throw new AssertionError();
        }
    }

    private static final class OneFinishedJob implements History {
        @Override
        public List<FinishedJob> find(String idOrPrefix) {
            return idOrPrefix.equals("finished") ? List.of(new FinishedJob(view(), "", "")) : List.of();
        }

        private static JobView view() {
            return new JobView(
                    "finished",
                    "name",
                    "owner",
                    JobState.COMPLETED,
                    true,
                    true,
                    0,
                    1,
                    0,
                    0,
                    false,
                    true,
                    null,
                    null,
                    SomeJobs.NOON,
                    null,
                    SomeJobs.NOON);
        }

        @Override
        public JobPage page(Jobs.Query query) {
            throw new AssertionError();
        }

        @Override
        public Optional<FinishedJob> byKey(String key) {
            throw new AssertionError();
        }

        @Override
        public void ping() {}
    }
}
