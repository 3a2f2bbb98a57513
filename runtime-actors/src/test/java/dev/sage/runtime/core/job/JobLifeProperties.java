package dev.sage.runtime.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobState;
import dev.sage.runtime.core.Transitions.Transition;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The life of a job under random commands, answers, failures, hangs and deaths. */
class JobLifeProperties {

    @Property(tries = 5_000)
    void everyJobReachesOneTerminalStateAndOnlyAfterItsCleanUp(@ForAll long seed) {
        assertThat(new JobSimulation(new Random(seed)).run().state()).matches(JobState::isTerminal);
    }

    @Test
    void everyTransitionOfTheTableIsVisited() {
        Set<Transition<JobState, JobTrigger>> visited = new LinkedHashSet<>();
        for (long seed = 0;
                seed < 20_000 && visited.size() < JobTransitions.TABLE.all().size();
                seed++) {
            JobSimulation simulation = new JobSimulation(new Random(seed));
            simulation.run();
            visited.addAll(simulation.visited);
        }
        assertThat(visited).containsExactlyInAnyOrderElementsOf(JobTransitions.TABLE.all());
    }
}
