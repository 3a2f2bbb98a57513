package dev.sage.runtime.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.runtime.core.job.JobTransitions;
import dev.sage.runtime.core.schedule.StageTransitions;
import dev.sage.runtime.core.service.ServiceTransitions;
import dev.sage.runtime.core.task.TaskTransitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The diagrams under {@code docs/states} are those of the tables. Run with -Dsage.docs.write=true to write them anew. */
class StateDiagramsTest {

    @ParameterizedTest
    @CsvSource({"job", "task", "service", "placement"})
    void theDocumentedDiagramIsThatOfTheTable(String entity) throws IOException {
        Transitions<?, ?> table = switch (entity) {
            case "job" -> JobTransitions.TABLE;
            case "task" -> TaskTransitions.TABLE;
            case "placement" -> StageTransitions.TABLE;
            default -> ServiceTransitions.TABLE;
        };
        String text = "# The states of a " + entity
                + "\n\nGenerated from the transition table; the build fails when they differ.\n\n```mermaid\n"
                + table.diagram() + "```\n";
        Path file = Path.of("..", "docs", "states", entity + ".md");
        if (Boolean.getBoolean("sage.docs.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(file).exists().content().isEqualTo(text);
    }
}
