package dev.sage.samples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.KeyValue;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountTableTest {

    @Test
    void countsAreAlignedToTheRightAndWordsToTheLeft() {
        assertThat(CountTable.of(List.of(new KeyValue<>("the", 1234567L), new KeyValue<>("字", 8L))))
                .isEqualToNormalizingNewlines("""
                          count  word
                        1234567  the
                              8  字
                        """);
    }

    @Test
    void smallCountsStandUnderTheHeading() {
        assertThat(CountTable.of(List.of(new KeyValue<>("a", 10L), new KeyValue<>("b", 9L))))
                .isEqualToNormalizingNewlines("""
                        count  word
                           10  a
                            9  b
                        """);
    }

    @Test
    void noWordsAreSaidInWords() {
        assertThat(CountTable.of(List.of())).isEqualToNormalizingNewlines("There are no words.\n");
    }
}
