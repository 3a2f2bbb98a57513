package dev.sage.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
    @TempDir
    private Path folder;

    private Path first;
    private Path inner;
    private Path last;

    @BeforeEach
    void makeFiles() throws IOException {
        last = Files.createFile(folder.resolve("z.txt"));
        first = Files.createFile(folder.resolve("a.txt"));
        inner = Files.createFile(Files.createDirectory(folder.resolve("m")).resolve("inner.md"));
    }

    @Test
    void filesStayAsGivenAndFoldersGiveAllBelowThemSorted() throws IOException {
        assertThat(InputFiles.of(List.of(last, folder))).containsExactly(last, first, inner, last);
    }

    @Test
    void aChoiceIsForFoldersOnly() throws IOException {
        assertThat(InputFiles.of(List.of(last, folder), file -> file.toString().endsWith(".md")))
                .containsExactly(last, inner);
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("missing.txt");

        assertThatThrownBy(() -> InputFiles.of(List.of(first, missing)))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(missing.toString());
    }

    @Test
    void whatIsNeitherFileNorFolderIsNamed() {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "a device");

        assertThatThrownBy(() -> InputFiles.of(List.of(device)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("/dev/null: is neither");
    }

    @Test
    void anUnreadableFolderIsNamed() throws IOException {
        Path closed = inner.getParent();
        assumeTrue(closed.toFile().setReadable(false) && !Files.isReadable(closed), "a user with limited rights");

        assertThatThrownBy(() -> InputFiles.of(List.of(folder)))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessage(closed.toString());
    }
}
