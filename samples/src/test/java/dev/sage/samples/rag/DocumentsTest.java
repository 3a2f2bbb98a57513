package dev.sage.samples.rag;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DocumentsTest {

    @Test
    void aPassageNeverCrossesParagraphsAndIsNoHeading() {
        assertThat(Documents.passages("# Title\n\nOne line\nand the next.\n \nAnother paragraph."))
                .containsExactly("One line and the next.", "Another paragraph.");
    }

    @Test
    void aLongParagraphIsDividedBetweenSentences() {
        assertThat(Documents.passages("One. Two? Three! Four. Five at 5.5 metres."))
                .containsExactly("One. Two? Three! Four.", "Five at 5.5 metres.");
    }

    @Test
    void emptyTextHasNoPassages() {
        assertThat(Documents.passages("\n \n\n")).isEmpty();
    }

    @Test
    void onlyTextFilesAreTakenFromFolders() {
        assertThat(Documents.isText(Path.of("a/README.MD"))).isTrue();
        assertThat(Documents.isText(Path.of("a/notes.txt"))).isTrue();
        assertThat(Documents.isText(Path.of("a/picture.png"))).isFalse();
    }
}
