package dev.sage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitTest {
    private final List<String> ended = new ArrayList<>();
    private final Exit exit = new Exit(code -> ended.add("exit " + code), code -> ended.add("halt " + code));

    @Test
    void withoutASignalTheProgramDecides() {
        exit.end(Exit.FAILURE);

        assertThat(ended).containsExactly("exit 1");
    }

    @Test
    void aProgramThatFailsBecauseOfASignalEndsWithTheSignalsCode() {
        assertThat(exit.settle(130)).isTrue();
        assertThat(exit.settle(Exit.FAILURE)).as("worth a message").isFalse();

        exit.end(Exit.FAILURE);

        assertThat(ended).containsExactly("exit 130");
    }

    @Test
    void aSignalThatComesAfterTheFailureChangesNothing() {
        exit.settle(Exit.FAILURE);

        exit.end(143);

        assertThat(ended).containsExactly("exit 1");
    }

    @Test
    void endingNowSkipsTheCleanUpAndKeepsTheCode() {
        exit.settle(143);

        exit.endNow(130);

        assertThat(ended).containsExactly("halt 143");
    }
}
