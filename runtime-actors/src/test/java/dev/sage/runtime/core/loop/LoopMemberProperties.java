package dev.sage.runtime.core.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The end of a loop: never while a record is in it, and always when none is. */
class LoopMemberProperties {

    @Property(tries = 20_000)
    void aLoopEndsWhenNoRecordIsInItAndNotBefore(@ForAll long seed) {
        assertThat(LoopSimulation.run(new Random(seed))).isPositive();
    }

    @Test
    void theSimulationMeetsLoopsOfOneRoundAndOfMany() {
        assertThat(LongStream.range(0, 500).map(seed -> LoopSimulation.run(new Random(seed))))
                .contains(1L)
                .anyMatch(rounds -> rounds > 3);
    }

    @Test
    void aLoopWithoutRecordsEndsInTheFirstRound() {
        LoopMember head = LoopMember.head(1, 1);
        assertThat(head.isDue(false)).as("outside is open").isFalse();
        head.inputEnded();
        assertThat(head.isDue(false)).isTrue();
        assertThat(head.send()).isEqualTo(new LoopProbe(1, false));
        head.probeArrived(new LoopProbe(1, false));
        assertThat(head.hasEnded()).isTrue();
    }

    @Test
    void aRoundWithARecordIsFollowedByAnother() {
        LoopMember head = LoopMember.head(1, 1);
        head.tookRecords();
        head.inputEnded();
        assertThat(head.send()).isEqualTo(new LoopProbe(1, true));
        head.probeArrived(new LoopProbe(1, true));
        assertThat(head.hasEnded()).isFalse();
        assertThat(head.isDue(false)).isTrue();
        assertThat(head.send()).isEqualTo(new LoopProbe(2, false));
    }

    @Test
    void aProbeWaitsForTheOtherChannelsOfTheLoopForOutsideAndForRecordsThatAreHeld() {
        LoopMember body = LoopMember.body(2, 1);
        body.probeArrived(new LoopProbe(1, false));
        assertThat(body.isDue(false)).as("one of two channels").isFalse();
        body.probeArrived(new LoopProbe(1, true));
        assertThat(body.isDue(false)).as("outside is open").isFalse();
        body.inputEnded();
        assertThat(body.isDue(true)).as("a call is in flight").isFalse();
        assertThat(body.isDue(false)).isTrue();
        assertThat(body.send()).isEqualTo(new LoopProbe(1, true));
        assertThat(body.isDue(false)).as("sent").isFalse();
    }

    @Test
    void anInstanceOfTheHeadThatLagsKeepsTheNextRoundApart() {
        LoopMember head = LoopMember.head(2, 0);
        head.probeArrived(new LoopProbe(1, true));
        head.send();
        head.probeArrived(new LoopProbe(1, false));
        head.send();
        head.probeArrived(new LoopProbe(2, false));
        head.probeArrived(new LoopProbe(3, false));
        head.probeArrived(new LoopProbe(2, true));
        assertThat(head.hasEnded()).isFalse();
        assertThat(head.send().round()).isEqualTo(3);
        head.probeArrived(new LoopProbe(3, false));
        assertThat(head.hasEnded()).isTrue();
    }

    @Test
    void aProbeOfAnotherRoundIsRefusedLoudly() {
        LoopMember body = LoopMember.body(1, 0);
        assertThatThrownBy(() -> body.probeArrived(new LoopProbe(2, false)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("round 2")
                .hasMessageContaining("round 1");
    }

    @Test
    void aTaskInNoLoopNeverSendsAProbe() {
        LoopMember none = LoopMember.none();
        none.tookRecords();
        none.inputEnded();
        assertThat(none.isDue(false)).isFalse();
        assertThat(none.hasEnded()).isFalse();
    }
}
