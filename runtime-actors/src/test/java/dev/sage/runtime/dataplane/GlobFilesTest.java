package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files a pattern means. */
class GlobFilesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        for (String name : List.of("b.txt", "a.txt", "c.csv", "x/d.txt", "x/y/e.txt", "x/y/f{1}.txt")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
    }

    @Test
    void starStaysInItsFolderAndFilesAreSorted() throws IOException {
        assertThat(matching("*.txt")).containsExactly("a.txt", "b.txt");
        assertThat(matching("*")).containsExactly("a.txt", "b.txt", "c.csv");
        assertThat(matching("*/*.txt")).containsExactly("x/d.txt");
    }

    @Test
    void twoStarsCrossFoldersAndBracesAreAlternatives() throws IOException {
        assertThat(matching("**.txt")).containsExactly("a.txt", "b.txt", "x/d.txt", "x/y/e.txt", "x/y/f{1}.txt");
        assertThat(matching("{c.csv,x/y/e.*}")).containsExactly("c.csv", "x/y/e.txt");
        assertThat(matching("x/y/f\\{1\\}.txt")).containsExactly("x/y/f{1}.txt");
    }

    @Test
    void plainNameIsAPatternThatMatchesItself() throws IOException {
        assertThat(matching("a.txt")).containsExactly("a.txt");
    }

    @Test
    void relativePatternsBeginInTheCurrentFolder() throws IOException {
        assertThat(GlobFiles.matching("pom.xm?", 1)).containsExactly(Path.of("pom.xml"));
        assertThat(GlobFiles.matching("./pom.*", 1)).containsExactly(Path.of("./pom.xml"));
    }

    @Test
    void linksAreFollowed() throws IOException {
        Files.createSymbolicLink(folder.resolve("l.txt"), folder.resolve("x/d.txt"));
        Files.createSymbolicLink(folder.resolve("z"), folder.resolve("x/y"));
        assertThat(matching("l.*")).containsExactly("l.txt");
        assertThat(matching("z/e*")).containsExactly("z/e.txt");
    }

    @Test
    void patternWithoutMatchesIsAnErrorThatSaysWhereItLooked() {
        assertThatThrownBy(() -> matching("*.json"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("*.json")
                .hasMessageContaining("no file in '" + folder + "' matches");
        assertThatThrownBy(() -> matching("missing/*.txt")).hasMessageContaining("there is no folder '" + folder);
    }

    @Test
    void tooManyMatchesAreAnErrorWithTheSetting() {
        assertThatThrownBy(() -> GlobFiles.matching(folder + "/*.txt", 1))
                .hasMessageContaining("more than 1 files match (sage.source.max-files)");
    }

    @Test
    void loopOfLinksIsAnError() throws IOException {
        Files.createSymbolicLink(folder.resolve("x/loop"), folder);
        assertThatThrownBy(() -> matching("**.txt")).hasMessageContaining("x/loop' cannot be read");
    }

    @Test
    void unreadableFolderIsAnErrorWhereItCouldHaveMatched() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assumeFalse(Files.isReadable(closed), "permissions do not bind this user");
            assertThatThrownBy(() -> matching("*/*.txt")).hasMessageContaining(closed + "' cannot be read");
            assertThat(matching("*.csv")).containsExactly("c.csv");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private List<String> matching(String glob) throws IOException {
        return GlobFiles.matching(folder + "/" + glob, 100).stream()
                .map(file -> folder.relativize(file).toString())
                .toList();
    }
}
