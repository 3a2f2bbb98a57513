package dev.sage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

    @Test
    void fewEditsAreAMistake() {
        assertThat(Nearest.to("wordcount", List.of("rag", "word-count"))).contains("word-count");
        assertThat(Nearest.to("rga", List.of("rag"))).isEmpty();
        assertThat(Nearest.to("rak", List.of("rag"))).contains("rag");
    }

    @Test
    void manyEditsAreAnotherWord() {
        assertThat(Nearest.to("something", List.of("rag", "word-count"))).isEmpty();
        assertThat(Nearest.to("x", List.of())).isEmpty();
    }
}
