package dev.sage.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions.NodeLoss;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The rules of the registry under random calls, writes that a crash cuts short, and copies to the history that it delays. */
class RegistryProperties {
    private static final List<String> IDS = List.of("0a", "0b", "0c", "0d", "0e", "0f");
    private static final List<String> KEYS = List.of("red", "green", "blue");

    @Property(tries = 2_000)
    void nothingAcknowledgedIsLostOrHasTwoOutcomesAndAKeyStandsForOneJob(
            @ForAll("steps") List<RegistryModel.Step> steps) {
        RegistryModel model = new RegistryModel();
        steps.forEach(model::take);
        model.settle();

        assertThat(model.lost()).isEmpty();
        assertThat(model.twiceEnded()).isEmpty();
        assertThat(model.keysWithSeveralJobs()).isEmpty();
        assertThat(model.runTwice()).isEmpty();
    }

    @Property(tries = 500)
    void aSnapshotIsAsGoodAsTheEvents(@ForAll("steps") List<RegistryModel.Step> steps) {
        RegistryModel model = new RegistryModel();
        for (RegistryModel.Step step : steps) {
            model.take(step);
            RegistryState replayed = new RegistryState();
            model.journal().forEach(replayed::apply);

            assertThat(RegistryState.of(replayed.snapshot()).snapshot()).isEqualTo(replayed.snapshot());
            assertThat(model.state().snapshot()).isEqualTo(replayed.snapshot());
            for (String key : KEYS) {
                assertThat(RegistryState.of(replayed.snapshot()).findByKey(key)).isEqualTo(replayed.findByKey(key));
            }
        }
    }

    @Provide
    Arbitrary<List<RegistryModel.Step>> steps() {
        Arbitrary<RegistryCommand> call = Arbitraries.frequencyOf(
                Tuple.of(4, accept()),
                Tuple.of(3, Combinators.combine(ids(), attempts()).as((id, attempt) -> start(id, attempt))),
                Tuple.of(3, Combinators.combine(ids(), attempts(), states()).as(RegistryProperties::end)),
                Tuple.of(1, ids().map(id -> (RegistryCommand) new RegistryCommand.Cancel(id, "why"))));
        Arbitrary<RegistryModel.Step> write = Combinators.combine(
                        call.list().ofMinSize(1).ofMaxSize(6),
                        Arbitraries.of(true, true, true, false),
                        Arbitraries.integers().between(0, 8))
                .as(RegistryModel.Write::new);
        return Arbitraries.frequencyOf(
                        Tuple.of(8, write),
                        Tuple.of(1, Arbitraries.of(false, true).map(same ->
                                (RegistryModel.Step) new RegistryModel.Crash(same))))
                .list()
                .ofMaxSize(30);
    }

    private static Arbitrary<RegistryCommand> accept() {
        return Combinators.combine(
                        ids(),
                        Arbitraries.of(KEYS).optional(),
                        Arbitraries.of("hash", "hash", "other"),
                        Arbitraries.of(NodeLoss.values()))
                .as((id, key, hash, loss) ->
                        new RegistryCommand.Accept(SomeJobs.job(id, key, hash, loss), Optional.empty()));
    }

    private static RegistryCommand start(String id, int attempt) {
        return new RegistryCommand.Start(id, attempt, "filled in by the model");
    }

    private static RegistryCommand end(String id, int attempt, JobState state) {
        return new RegistryCommand.End(id, attempt, SomeJobs.outcome(state));
    }

    private static Arbitrary<String> ids() {
        return Arbitraries.of(IDS);
    }

    private static Arbitrary<Integer> attempts() {
        return Arbitraries.of(1, 1, 1, 2, 3);
    }

    private static Arbitrary<JobState> states() {
        return Arbitraries.of(JobState.COMPLETED, JobState.FAILED);
    }
}
