package dev.sage.runtime.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class PoolTest {
    private static final Lessee ANN = new Lessee("ann", "llm");
    private static final Lessee BOB = new Lessee("bob", "llm");
    private static final Pool TWO_GROUPS =
            Pool.gpus(List.of(0, 1, 2, 3, 4, 5, 6, 7), List.of(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7)));

    @Test
    void gpusAreTakenFromTheGroupThatIsLeftWithTheFewestAndFitsAll() {
        Pool pool = TWO_GROUPS.lease(ANN, List.of(4, 5));
        assertThat(pool.pick(2)).containsExactly(6, 7);
        assertThat(pool.pick(3)).containsExactly(0, 1, 2);
    }

    @Test
    void gpusThatFitIntoNoGroupComeFromAsFewAsPossible() {
        Pool pool = Pool.gpus(List.of(0, 1, 2, 3, 4, 5, 6), List.of(List.of(0, 1), List.of(2, 3), List.of(4, 5, 6)));
        assertThat(pool.pick(5)).containsExactly(4, 5, 6, 0, 1);
        assertThat(pool.pick(4)).as("of the last group one is enough").containsExactly(4, 5, 6, 0);
        assertThat(pool.pick(7)).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void gpuInNoGroupIsGivenBeforeGroupIsBroken() {
        Pool pool = Pool.gpus(List.of(0, 1, 2), List.of(List.of(0, 1)));
        assertThat(pool.pick(1)).containsExactly(2);
    }

    @Test
    void portsGoRoundSoThatFreedOneRests() {
        Pool pool = Pool.ports(List.of(80, 81, 82));
        pool = pool.lease(ANN, pool.pick(1)).release(ANN, List.of(80));
        assertThat(pool.pick(1)).containsExactly(81);
        pool = pool.lease(ANN, List.of(81)).release(ANN, List.of(81));
        assertThat(pool.pick(3)).containsExactly(82, 80, 81);
    }

    @Test
    void portsThatAreFoundComeAndGo() {
        Pool pool = Pool.foundPorts().lease(ANN, List.of(40_001, 40_002));
        assertThat(pool.numbers()).containsExactly(40_001, 40_002);
        pool = pool.quarantine(ANN, 40_001, "still bound").release(ANN, List.of(40_002));
        assertThat(pool.standing(40_001)).isEqualTo("quarantined: still bound");
        assertThat(pool.readmit(40_001).numbers()).isEmpty();
    }

    @Test
    void drainingOneIsKeptByWhoHasItAndGivenToNobodyAnew() {
        Pool pool = Pool.gpus(List.of(0, 1), List.of()).lease(ANN, List.of(0)).drain(0, true);
        assertThat(pool.standing(0)).isEqualTo("leased to ann/llm, draining");
        pool = pool.release(ANN, List.of(0));
        assertThat(pool.free()).isEqualTo(2);
        assertThat(pool.available()).isEqualTo(1);
        assertThat(pool.pick(1)).containsExactly(1);
        assertThat(pool.summary()).isEqualTo("2 of 2 GPUs are free (1 draining), 0 leased, 0 quarantined");
        assertThat(pool.drain(0, false).available()).isEqualTo(2);
    }

    @Test
    void nobodyFreesOrQuarantinesWhatAnotherHas() {
        Pool pool = TWO_GROUPS.lease(ANN, List.of(0)).release(ANN, List.of(0)).lease(BOB, List.of(0));
        assertThat(pool.release(ANN, List.of(0)).isLeasedTo(BOB, 0)).isTrue();
        assertThat(pool.quarantine(ANN, 0, "busy").isLeasedTo(BOB, 0)).isTrue();
    }

    @Test
    void nothingIsLeasedTwice() {
        Pool pool = TWO_GROUPS.lease(ANN, List.of(0));
        assertThatIllegalStateException()
                .isThrownBy(() -> pool.lease(BOB, List.of(0)))
                .withMessage("GPU 0 cannot be leased to bob/llm: leased to ann/llm.");
        assertThatIllegalStateException().isThrownBy(() -> pool.lease(BOB, List.of(8)));
        assertThatIllegalArgumentException().isThrownBy(() -> pool.pick(8));
    }

    @Test
    void groupsOfUnknownIdsAndIdsInTwoGroupsAreRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pool.gpus(List.of(0), List.of(List.of(0, 1))))
                .withMessageContaining("GPU 1 is in the group [0, 1], but not among the ids [0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pool.gpus(List.of(0, 1), List.of(List.of(0), List.of(0, 1))))
                .withMessageContaining("GPU 0 is twice");
    }
}
