package dev.sage.runtime.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sage.runtime.core.Transitions.Transition;
import org.junit.jupiter.api.Test;

class TransitionsTest {
    private enum Door {
        OPEN,
        SHUT,
        BROKEN
    }

    private enum Move {
        PUSH,
        PULL,
        KICK
    }

    private final Transitions<Door, Move> table = Transitions.<Door, Move>startingAt(Door.SHUT)
            .add(Door.SHUT, Move.PUSH, Door.OPEN)
            .add(Door.SHUT, Move.PULL, Door.OPEN)
            .add(Door.OPEN, Move.KICK, Door.BROKEN);

    @Test
    void aMoveLeadsWhereTheTableSays() {
        assertThat(table.next(Door.SHUT, Move.PUSH)).contains(Door.OPEN);
        assertThat(table.require(Door.OPEN, Move.KICK)).isEqualTo(Door.BROKEN);
    }

    @Test
    void anImpossibleMoveIsNamed() {
        assertThat(table.next(Door.OPEN, Move.PUSH)).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> table.require(Door.OPEN, Move.PUSH))
                .withMessage("No transition from OPEN by PUSH.");
    }

    @Test
    void aMoveLeadsToOneStateOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.add(Door.SHUT, Move.PUSH, Door.BROKEN))
                .withMessage("Two transitions from SHUT by PUSH.");
    }

    @Test
    void allAreListedInTheirOrder() {
        assertThat(table.all())
                .startsWith(new Transition<>(Door.SHUT, Move.PUSH, Door.OPEN))
                .hasSize(3);
    }

    @Test
    void theDiagramJoinsArrowsAndShowsWhereItBeginsAndEnds() {
        assertThat(table.diagram()).isEqualTo("""
                        stateDiagram-v2
                            [*] --> SHUT
                            OPEN --> BROKEN : KICK
                            SHUT --> OPEN : PUSH, PULL
                            BROKEN --> [*]
                        """);
    }
}
