package dev.sage.runtime.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output of the last jobs stays, that of living ones in any case. */
class OutputFoldersTest {
    private static final int KEEP = 3;

    @TempDir
    private Path home;

    private Ledger ledger;
    private OutputFolders folders;
    private int made;

    @BeforeEach
    void open() {
        ledger = Ledger.open(new SageHome(home));
        folders = new OutputFolders(ledger, KEEP);
    }

    @AfterEach
    void close() {
        folders.close();
        ledger.close();
    }

    @Test
    void theOldestOfEndedJobsGoWhenANewOneIsMade() throws IOException {
        for (String job : List.of("a", "b", "c", "d")) {
            make(job);
            folders.ended(job);
        }
        assertThat(left()).containsExactlyInAnyOrder("b", "c", "d");
        make("e");
        assertThat(left()).containsExactlyInAnyOrder("c", "d", "e");
    }

    @Test
    void livingJobsStayHoweverManyTheyAre() throws IOException {
        for (String job : List.of("a", "b", "c", "d", "e")) {
            make(job);
        }
        assertThat(left()).hasSize(5);
        folders.ended("d");
        make("f");
        assertThat(left()).containsExactlyInAnyOrder("a", "b", "c", "e", "f");
    }

    @Test
    void livingJobsOfAnotherEnvironmentOfThisJvmStay() throws IOException {
        try (OutputFolders others = new OutputFolders(ledger, KEEP)) {
            others.make("other");
            age("other");
            for (String job : List.of("a", "b", "c")) {
                make(job);
                folders.ended(job);
            }
            assertThat(left()).containsExactlyInAnyOrder("other", "b", "c");
        }
        make("d");
        assertThat(left()).containsExactlyInAnyOrder("b", "c", "d");
    }

    @Test
    void jobsOfAnotherJvmStayAsLongAsItHasALedger() throws IOException {
        Path theirs = Files.createDirectories(home.resolve("jobs").resolve("theirs"));
        Files.writeString(theirs.resolve(".owner"), "4711");
        Files.writeString(theirs.resolve("it.log"), "said");
        Path alive =
                Files.createFile(Files.createDirectories(home.resolve("ledger")).resolve("4711.ledger"));
        age("theirs");
        for (String job : List.of("a", "b", "c")) {
            make(job);
            folders.ended(job);
        }
        assertThat(left()).containsExactlyInAnyOrder("theirs", "b", "c");
        Files.delete(alive);
        make("d");
        assertThat(left()).containsExactlyInAnyOrder("b", "c", "d");
    }

    @Test
    void whatSomebodyElsePutThereStays() throws IOException {
        for (String job : List.of("a", "b", "c", "d")) {
            make(job);
            Files.createDirectory(folders.of(job).resolve("mine"));
            folders.ended(job);
        }
        assertThat(folders.of("a").resolve("mine")).exists();
        assertThat(folders.of("a").resolve("it.log")).doesNotExist();
    }

    private void make(String job) throws IOException {
        folders.make(job);
        Files.writeString(folders.of(job).resolve("it.log"), "said");
        age(job);
    }

    /** In the order of the calls, however coarse the clock of the file system is. */
    private void age(String job) throws IOException {
        Files.setLastModifiedTime(home.resolve("jobs").resolve(job), FileTime.fromMillis(1_000L * ++made));
    }

    private List<String> left() throws IOException {
        try (Stream<Path> all = Files.list(home.resolve("jobs"))) {
            return all.map(folder -> folder.getFileName().toString()).toList();
        }
    }
}
