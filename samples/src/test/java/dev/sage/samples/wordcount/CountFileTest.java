package dev.sage.samples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sage.api.KeyValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountFileTest {
    private static final List<KeyValue<String, Long>> COUNTS =
            List.of(new KeyValue<>("ä", 2L), new KeyValue<>("b", 1L));

    @TempDir
    private Path folder;

    @Test
    void aLineIsWordTabCount() throws IOException {
        Path place = folder.resolve("counts.tsv");
        Files.writeString(place, "what was there before");

        CountFile.at(place).write(COUNTS);

        assertThat(place).hasContent("ä\t2\nb\t1\n");
        assertThat(folder).isDirectoryNotContaining(file -> !file.equals(place));
    }

    @Test
    void aMissingFolderIsToldBeforeAnythingIsWritten() {
        assertThatThrownBy(() -> CountFile.at(folder.resolve("missing/counts.tsv")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void aFullDiskIsToldWithTheNameOfTheFile() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "a device that is always full");

        CountFile output = CountFile.at(full);

        assertThatThrownBy(() -> output.write(COUNTS))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("/dev/full: ");
        assertThat(full).exists();
    }
}
