package dev.sage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopSignalsTest {
    private final List<String> ended = new ArrayList<>();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Exit exit = new Exit(code -> ended.add("exit " + code), code -> ended.add("halt " + code));
    private final StopSignals signals =
            new StopSignals(exit, new PrintStream(err, true, StandardCharsets.UTF_8), () -> ended.add("hurry"));

    @Test
    void theFirstInterruptCleansUpTheSecondHurriesAndTheThirdDoesNotWait() {
        signals.interrupt();
        assertThat(ended).containsExactly("exit 130");
        assertThat(said()).contains("Press Ctrl+C again to hurry");
        signals.interrupt();
        assertThat(ended).containsExactly("exit 130", "hurry", "exit 130");
        assertThat(said()).contains("Press Ctrl+C again to end at once");
        signals.interrupt();
        assertThat(ended).containsExactly("exit 130", "hurry", "exit 130", "halt 130");
    }

    @Test
    void terminationThatIsRepeatedHurriesAndNeverSkipsTheCleanUp() {
        signals.terminate();
        signals.terminate();
        signals.terminate();

        assertThat(ended).containsExactly("exit 143", "hurry", "exit 143", "hurry", "exit 143");
        assertThat(said()).containsOnlyOnce("terminated");
    }

    @Test
    void aSecondSignalOfTheOtherKindHurriesAndTheCodeIsThatOfTheFirst() {
        signals.terminate();
        signals.interrupt();

        assertThat(ended).containsExactly("exit 143", "hurry", "exit 143");
    }

    @Test
    void nothingIsSaidWhenTheEndIsUnderWayAnyhow() {
        exit.settle(Exit.OK);

        signals.interrupt();

        assertThat(ended).containsExactly("exit 0");
        assertThat(said()).isEmpty();
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
