package dev.sage.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.cli.CommandRun;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCellAndNumbersStandAtTheRight() {
        Table table = new Table("NAME", "N>", "CAUSE");
        table.row("a", 7, "");
        table.row("longer", 1234, "why");

        assertThat(table.lines(Optional.empty()))
                .containsExactly("NAME       N  CAUSE", "a          7", "longer  1234  why");
    }

    @Test
    void colourTakesNoPlaceAndIsNeverCutInTwo() {
        for (int columns = 1; columns < 20; columns++) {
            Table table = new Table("ID", "STATE", "N>", "CAUSE");
            table.row("0a", new Table.Cell("RUNNING", text -> "\u001b[36m" + text + "\u001b[39m"), 7, "because");
            Table plain = new Table("ID", "STATE", "N>", "CAUSE");
            plain.row("0a", "RUNNING", 7, "because");

            List<String> painted = table.lines(Optional.of(columns)).stream()
                    .map(line -> line.replaceAll("\u001b\\[3[69]m", ""))
                    .toList();
            assertThat(painted).isEqualTo(plain.lines(Optional.of(columns)));
            int width = columns;
            assertThat(painted).allMatch(line -> line.length() <= width && !line.contains("\u001b"));
        }
    }

    @Test
    void statesHaveAColourOnATerminalThatWantsIt() throws Exception {
        Json failed = Json.parse("{\"state\":\"FAILED\"}");
        CommandRun terminal = new CommandRun().columns(80).set("TERM", "xterm");

        assertThat(StateColour.of(failed, terminal.context())).isEqualTo("\u001b[31mFAILED\u001b[39m");
        assertThat(StateColour.of(Json.parse("{\"state\":\"COMPLETED\",\"clean\":false}"), terminal.context()))
                .isEqualTo("\u001b[31mCOMPLETED, not clean\u001b[39m");
        assertThat(StateColour.of(failed, terminal.set("NO_COLOR", "1").context()))
                .isEqualTo("FAILED");
        assertThat(StateColour.of(failed, new CommandRun().set("TERM", "xterm").context()))
                .isEqualTo("FAILED");
    }
}
