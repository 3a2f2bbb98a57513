package dev.sage.runtime.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The highest rate there is, for longer than its products fit into 64 bits. */
class PaceTest {
    private static final long SECOND = 1_000_000_000;

    private final Pace pace = new Pace(SECOND, SECOND, 0, 1, SECOND);

    @Test
    void numbersStaySmallEnoughWhileRecordsAreEmitted() {
        pace.emitted(pace.due(0));
        for (long i = 1; i <= 100; i++) {
            long due = pace.due(i * SECOND);
            assertThat(due).isEqualTo(SECOND);
            pace.emitted(due);
        }
    }

    @Test
    void numbersAreSmallEnoughAfterARestartToo() {
        pace.due(0);
        pace.emitted(20 * SECOND);
        pace.restart(30 * SECOND);
        assertThat(pace.due(30 * SECOND)).isEqualTo(1);
        assertThat(pace.nextNs()).isEqualTo(30 * SECOND);
    }
}
