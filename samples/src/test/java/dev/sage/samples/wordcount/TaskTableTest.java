package dev.sage.samples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.TaskReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskTableTest {

    @Test
    void eachTaskIsNamedByItsChainWithWhatItTookAndGave() {
        assertThat(TaskTable.of(List.of(
                        new TaskReport("lines", 0, List.of("lines", "words"), 10, 70, 400, 400),
                        new TaskReport("counts", 1, List.of("counts"), 35, 20, 0, 0))))
                .isEqualToNormalizingNewlines("""
                        task                 records in   records out
                        lines → words [0]            10            70
                        counts [1]                   35            20
                        """);
    }
}
