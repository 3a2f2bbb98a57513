package dev.sage.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions.NodeLoss;
import dev.sage.node.core.Decision.Effect;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A graph in the journal is there for as long as its job may run, and costs no memory longer. */
class GraphsInJournalTest {
    private static final NewJob JOB = SomeJobs.withGraph("0a", "AAAA", NodeLoss.RESTART);

    private final RegistryState state = new RegistryState();

    private List<Effect> take(RegistryCommand command) {
        Decision decision =
                RegistryDecisions.decide(state, List.of(command), SomeJobs.NOON).get(0);
        decision.events().forEach(state::apply);
        return decision.effects();
    }

    private static RegistryCommand accept() {
        return new RegistryCommand.Accept(JOB, Optional.empty());
    }

    @Test
    void aRestartAfterTheLossOfItsNodeHasTheGraph() {
        take(accept());
        take(new RegistryCommand.Start("0a", 1, "node-1"));
        RegistryState recovered = RegistryState.of(state.snapshot());
        Decision decision = RegistryDecisions.decide(
                        recovered, List.of(new RegistryCommand.Recover("node-2")), SomeJobs.NOON)
                .get(0);

        assertThat(decision.effects())
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.Run.class, run -> assertThat(run.job().job()).isEqualTo(JOB));
    }

    @Test
    void whatHasEndedHasNoGraphAnyMore() {
        take(accept());
        assertThat(state.find("0a").orElseThrow().job().job().graphBytes()).isEqualTo(4);

        List<Effect> effects = take(new RegistryCommand.End("0a", 1, SomeJobs.outcome(JobState.COMPLETED)));

        assertThat(state.find("0a").orElseThrow().job().job().graphBytes()).isZero();
        assertThat(effects)
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.CopyToHistory.class,
                        copy -> assertThat(copy.ended().job().job().graphBytes())
                                .isZero());
    }
}
