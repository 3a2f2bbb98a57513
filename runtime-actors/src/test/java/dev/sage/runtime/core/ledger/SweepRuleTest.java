package dev.sage.runtime.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SweepRuleTest {
    private static final String MARK = "abc/job/1/judge";
    private static final Resource.ProcessTree TREE =
            new Resource.ProcessTree(MARK, Optional.of(new Resource.Spawned(100, 5_000)));
    private static final LedgerEntry PROCESS = new LedgerEntry(1, "job", 1, "judge", TREE);
    private static final LedgerEntry GPU = new LedgerEntry(2, "job", 1, "trainer", new Resource.Gpu(0));
    private static final LedgerState LEDGER = LedgerState.of(List.of(
            new LedgerEvent.Opened(new LedgerOwner("abc", "here", "boot-1", 10, 20)),
            new LedgerEvent.Added(PROCESS),
            new LedgerEvent.Added(GPU)));

    @Test
    void processesOfThisBootAreEndedByTheirMark() {
        assertThat(SweepRule.verdict(LEDGER, PROCESS, world())).isEqualTo(new SweepRule.End(MARK));
    }

    @Test
    void noProcessOutlivesItsMachine() {
        World rebooted = new World("here", "boot-2", List.of(new World.Live(100, 5_000, Set.of(MARK))));
        assertThat(SweepRule.verdict(LEDGER, PROCESS, rebooted)).isEqualTo(new SweepRule.Free());
        assertThat(SweepRule.remains(LEDGER, TREE, rebooted)).isEmpty();
    }

    @Test
    void whatIsOfAnotherHostIsLeftAndNamed() {
        World elsewhere = new World("there", "boot-1", List.of());
        assertThat(SweepRule.verdict(LEDGER, PROCESS, elsewhere))
                .isEqualTo(new SweepRule.Leave("is of host 'here', and this is 'there'. Sweep it there."));
        assertThat(SweepRule.verdict(LEDGER, GPU, elsewhere)).isInstanceOf(SweepRule.Leave.class);
    }

    @Test
    void gpuIsNotFreeWhileProcessesOfItsJobAreLeft() {
        assertThat(SweepRule.verdict(LEDGER, GPU, world())).isEqualTo(new SweepRule.After(List.of(PROCESS)));
        LedgerState ended = LEDGER.evolve(new LedgerEvent.Struck(1));
        assertThat(SweepRule.verdict(ended, GPU, world())).isEqualTo(new SweepRule.Free());
    }

    @Test
    void gpuOfASharedServiceWaitsOnlyForItsOwnProcesses() {
        LedgerEntry other =
                new LedgerEntry(3, "", 0, "other", new Resource.ProcessTree("abc/-/0/other", Optional.empty()));
        LedgerEntry gpu = new LedgerEntry(4, "", 0, "mine", new Resource.Gpu(1));
        LedgerState shared = LEDGER.evolve(new LedgerEvent.Added(other)).evolve(new LedgerEvent.Added(gpu));
        assertThat(SweepRule.verdict(shared, gpu, world())).isEqualTo(new SweepRule.Free());
    }

    @Test
    void whatHasTheMarkIsLeftWhateverItsNumber() {
        assertThat(SweepRule.remains(LEDGER, TREE, world(new World.Live(7, 1, Set.of("outer/x/1/y", MARK)))))
                .contains("processes [7] still run with the mark " + MARK);
    }

    @Test
    void anotherProcessOfTheSameNumberIsNotLeft() {
        World reused = world(new World.Live(100, 5_001, Set.of()), new World.Live(101, 5_000, Set.of(MARK + "s")));
        assertThat(SweepRule.remains(LEDGER, TREE, reused)).isEmpty();
    }

    @Test
    void processThatLostItsMarkIsNamedAndNotTakenForGone() {
        assertThat(SweepRule.remains(LEDGER, TREE, world(new World.Live(100, 5_000, Set.of()))))
                .hasValueSatisfying(why -> assertThat(why).startsWith("process 100 still runs, without its mark"));
    }

    private static World world(World.Live... processes) {
        return new World("here", "boot-1", List.of(processes));
    }
}
