package dev.sage.node.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sage.client.ship.Digests;
import dev.sage.node.NodeException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars are kept by their digest, whole or not at all, and no longer than they are needed. */
class ArtifactStoreTest {
    private static final ArtifactSettings SETTINGS =
            new ArtifactSettings(100, 250, Duration.ofDays(1), Duration.ofSeconds(1));
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path folder;

    private ArtifactStore store(Instant now) throws IOException {
        return ArtifactStore.open(folder, SETTINGS, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static byte[] bytes(int size, int content) {
        byte[] bytes = new byte[size];
        bytes[0] = (byte) content;
        return bytes;
    }

    private static String digest(byte[] bytes) {
        MessageDigest digest = Digests.sha256();
        digest.update(bytes);
        return Digests.hex(digest);
    }

    private static String put(ArtifactStore store, byte[] bytes) throws IOException {
        store.put(digest(bytes), new ByteArrayInputStream(bytes));
        return digest(bytes);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("artifacts"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void refused(String code, Executable body) {
        assertThatExceptionOfType(NodeException.class)
                .isThrownBy(body::run)
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(code));
    }

    private interface Executable {
        void run() throws Exception;
    }

    @Test
    void whatWasPutIsThereAlsoForTheNextNode() throws IOException {
        byte[] jar = bytes(50, 1);
        String sha256 = put(store(NOW), jar);
        ArtifactStore next = store(NOW);
        assertThat(next.has(sha256)).isTrue();
        assertThat(next.path(sha256)).hasBinaryContent(jar);
        assertThat(files()).containsExactly(sha256 + ".jar");
    }

    @Test
    void bytesOfAnotherDigestAreRefusedAndNotKept() throws IOException {
        ArtifactStore store = store(NOW);
        refused("artifact.digest", () -> store.put(digest(bytes(5, 1)), new ByteArrayInputStream(bytes(5, 2))));
        refused("artifact.missing", () -> store.path(digest(bytes(5, 1))));
        assertThat(files()).isEmpty();
    }

    @Test
    void jarOfTheLimitIsKeptAndALargerOneIsNot() throws IOException {
        ArtifactStore store = store(NOW);
        put(store, bytes(100, 1));
        refused("artifact.too-large", () -> put(store, bytes(101, 1)));
        assertThat(files()).hasSize(1);
    }

    @Test
    void quotaIsNeverExceeded() throws IOException {
        ArtifactStore store = store(NOW);
        put(store, bytes(100, 1));
        put(store, bytes(100, 2));
        put(store, bytes(50, 3));
        refused("artifact.quota", () -> put(store, bytes(1, 4)));
        put(store, bytes(100, 2));
    }

    @Test
    void uploadThatBreaksOffLeavesNothing() throws IOException {
        ArtifactStore store = store(NOW);
        InputStream broken = new FilterInputStream(new ByteArrayInputStream(bytes(20, 7))) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                if (read < 0) {
                    throw new IOException("connection reset");
                }
                return read;
            }
        };
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> store.put(digest(bytes(30, 7)), broken));
        assertThat(files()).isEmpty();
    }

    @Test
    void whatAKilledNodeHadNotFinishedIsRemoved() throws IOException {
        Files.createDirectories(folder.resolve("artifacts"));
        Files.writeString(folder.resolve("artifacts/12345678-1.part"), "half");
        store(NOW);
        assertThat(files()).isEmpty();
    }

    @Test
    void nameThatIsNoDigestNeverBecomesAPath() throws IOException {
        ArtifactStore store = store(NOW);
        refused("artifact.name", () -> store.path("../../etc/passwd"));
        refused("artifact.name", () -> store.has("A".repeat(64)));
    }

    @Test
    void unusedJarsGoAfterTheirTimeAndUsedOnesStay() throws IOException {
        ArtifactStore early = store(NOW);
        String unused = put(early, bytes(10, 1));
        String live = put(early, bytes(10, 2));
        String used = put(early, bytes(10, 3));
        Instant later = NOW.plus(Duration.ofHours(25));
        assertThat(store(later.minusSeconds(3_600 * 2)).has(used)).isTrue();
        store(NOW.plus(Duration.ofHours(24))).cleanUp(Set.of());
        assertThat(files()).hasSize(3);
        store(later).cleanUp(Set.of(live));
        assertThat(files()).containsExactlyInAnyOrder(live + ".jar", used + ".jar");
        assertThat(store(later).has(unused)).isFalse();
    }

    @Test
    void beyondHalfTheQuotaTheLongestUnusedGoFirst() throws IOException {
        String first = put(store(NOW), bytes(60, 1));
        String second = put(store(NOW.plusSeconds(1)), bytes(60, 2));
        String third = put(store(NOW.plusSeconds(2)), bytes(60, 3));
        store(NOW.plusSeconds(3)).cleanUp(Set.of(first));
        assertThat(files()).containsExactlyInAnyOrder(first + ".jar", third + ".jar");
        assertThat(second).isNotIn(files());
    }

    @Test
    void beyondHalfTheQuotaThoseThatWereUsedJustNowStay() throws IOException {
        String first = put(store(NOW), bytes(100, 1));
        String second = put(store(NOW.plusMillis(500)), bytes(100, 2));

        store(NOW.plusMillis(800)).cleanUp(Set.of());
        assertThat(files()).hasSize(2);
        store(NOW.plusMillis(1_200)).cleanUp(Set.of());
        assertThat(files()).containsExactly(second + ".jar").doesNotContain(first);
    }

    /** A submission looks for its jars while others are removed. */
    @Test
    void aJarOfWhichSomebodyIsToldThatItIsThereIsNotRemovedMeanwhile() throws Exception {
        byte[] bytes = bytes(10, 1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 500; round++) {
                String jar = put(store(NOW), bytes);
                Files.setLastModifiedTime(folder.resolve("artifacts").resolve(jar + ".jar"), FileTime.from(NOW));
                ArtifactStore store = store(NOW.plus(Duration.ofDays(2)));
                CyclicBarrier both = new CyclicBarrier(2);
                Future<Boolean> told = other.submit(() -> {
                    both.await();
                    return store.has(jar);
                });
                both.await();
                store.cleanUp(Set.of());
                assertThat(files()).hasSize(told.get(30, TimeUnit.SECONDS) ? 1 : 0);
            }
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void settingsOutOfBoundsAreNamed() {
        assertThat(ArtifactSettings.of(ConfigFactory.load()).maxBytes()).isEqualTo(256L << 20);
        Config small =
                ConfigFactory.parseString("sage.node.artifacts.quota = 1 MiB").withFallback(ConfigFactory.load());
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ArtifactSettings.of(small))
                .withMessageContaining("sage.node.artifacts.quota 1048576");
    }
}
