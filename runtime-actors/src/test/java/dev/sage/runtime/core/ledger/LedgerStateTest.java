package dev.sage.runtime.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerStateTest {
    private static final LedgerEntry OLD = new LedgerEntry(1, "job", 1, "a", new Resource.Gpu(0));

    @Test
    void entryOfAnotherAttemptIsNotFoundUnderTheSameNumber() {
        LedgerState state = added(new LedgerEntry(1, "job", 2, "a", new Resource.Gpu(0)));
        assertThat(state.find(OLD)).isEmpty();
    }

    @Test
    void entryIsFoundAfterItsProcessWasSeen() {
        LedgerEntry process = new LedgerEntry(1, "job", 1, "a", new Resource.ProcessTree("m", Optional.empty()));
        LedgerState state = added(process).evolve(new LedgerEvent.Spawned(1, 7, 8));
        assertThat(state.find(process).orElseThrow().resource())
                .isEqualTo(new Resource.ProcessTree("m", Optional.of(new Resource.Spawned(7, 8))));
    }

    @Test
    void laterAttemptFencesAnEarlierOneOfTheSameJobOnly() {
        LedgerState state = added(new LedgerEntry(1, "job", 2, "a", new Resource.Gpu(0)));
        assertThat(state.fences("job", 1)).isPresent();
        assertThat(state.fences("job", 2)).isEmpty();
        assertThat(state.fences("other", 1)).isEmpty();
    }

    @Test
    void whatWasStruckOffStaysSo() {
        LedgerState struck = added(OLD).evolve(new LedgerEvent.Struck(1));
        assertThat(struck.evolve(new LedgerEvent.Struck(1)).evolve(new LedgerEvent.Spawned(1, 7, 8)))
                .isEqualTo(struck);
        assertThat(struck.entries()).isEmpty();
        assertThat(struck.last()).isEqualTo(1);
    }

    private static LedgerState added(LedgerEntry entry) {
        return LedgerState.of(List.of(new LedgerEvent.Added(entry)));
    }
}
