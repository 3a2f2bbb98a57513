package dev.sage.runtime.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sage.runtime.core.schedule.Decision.Candidate;
import dev.sage.runtime.core.schedule.Decision.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final long SECOND = 1_000_000_000;
    private static final ScheduleLimits WIDE = new ScheduleLimits(100, 100, 100, 100, Duration.ofSeconds(60), 100);

    private final List<ScheduleEffect> effects = new ArrayList<>();
    private long nowNs;
    private Schedule schedule = fourGpus(WIDE);

    @Test
    void jobThatAsksForNothingIsAdmittedAtOnce() {
        submit("a", 0);
        assertThat(effects).containsExactly(new ScheduleEffect.Admit("a", Map.of()));
        assertThat(schedule.stage("a")).contains(Stage.RUNNING);
    }

    @Test
    void jobIsAdmittedWhenAllThatWasChosenIsAcquired() {
        submit("a", 2, 1);
        Map<String, Share> share = Map.of("llm", new Share(List.of(0, 1), List.of(8000)));
        assertThat(effects).containsExactly(new ScheduleEffect.Acquire("a", share, Map.of()));
        tell(new ScheduleCommand.Acquired("a"));
        assertThat(effects).containsExactly(new ScheduleEffect.Admit("a", share));
    }

    @Test
    void whatAJobHadIsGivenOnOnlyWhenItWasSeenToBeFree() {
        run("a", 4);
        submit("b", 4);
        tell(new ScheduleCommand.Ended("a", Set.of()));
        assertThat(effects)
                .containsExactly(new ScheduleEffect.Release(
                        "a", Map.of("llm", new Share(List.of(0, 1, 2, 3), List.of()))));
        tell(new ScheduleCommand.Released("a", Set.of("llm")));
        assertThat(effects).hasSize(1).first().isInstanceOf(ScheduleEffect.Acquire.class);
        assertThat(schedule.stage("a")).isEmpty();
    }

    @Test
    void releasingTwiceDoesNotFreeWhatAnotherHasByThen() {
        run("a", 4);
        tell(new ScheduleCommand.Released("a", Set.of("llm")));
        run("b", 4);
        tell(new ScheduleCommand.Released("a", Set.of("llm")));
        tell(new ScheduleCommand.Ended("a", Set.of()));
        assertThat(schedule.gpus().leased()).isEqualTo(4);
        assertThat(schedule.gpus().standing(0)).isEqualTo("leased to b/llm");
    }

    @Test
    void whatCannotBeHadIsQuarantinedAndAnotherIsTried() {
        submit("a", 1);
        Trouble busy = new Trouble(Thing.gpu(0), "process 4711 of another user has 3 GiB of its memory");
        tell(new ScheduleCommand.AcquireFailed("a", List.of(busy)));
        assertThat(effects)
                .containsExactly(
                        new ScheduleEffect.RecheckLater("a", List.of(Thing.gpu(0))),
                        new ScheduleEffect.Acquire("a", Map.of("llm", new Share(List.of(1), List.of())), Map.of()));
        assertThat(schedule.gpus().standing(0)).startsWith("quarantined: process 4711");
        tell(new ScheduleCommand.Readmit(List.of(Thing.gpu(0))));
        assertThat(schedule.gpus().standing(0)).isEqualTo("free");
    }

    @Test
    void jobWhoseChoiceCouldNotBeHadKeepsItsPlaceInTheLine() {
        submit("a", 3);
        submit("b", 3);
        tell(new ScheduleCommand.AcquireFailed(
                "a", List.of(new Trouble(Thing.gpu(0), "busy"), new Trouble(Thing.gpu(1), "busy"))));
        assertThat(schedule.waitingInOrder()).containsExactly("a", "b");
        tell(new ScheduleCommand.Readmit(List.of(Thing.gpu(0))));
        assertThat(effects).hasSize(1).first().extracting(ScheduleEffect::job).isEqualTo("a");
    }

    @Test
    void failureThatNamesNothingOfTheChoiceRefusesTheJobAndIsNotTriedForEver() {
        submit("a", 1);
        tell(new ScheduleCommand.AcquireFailed("a", List.of(new Trouble(Thing.gpu(3), "busy"))));
        assertThat(effects)
                .containsExactly(new ScheduleEffect.Refuse("a", "what it was to get could not be had: GPU 3: busy"));
        assertThat(schedule.gpus().free()).isEqualTo(4);
    }

    @Test
    void portThatCannotBeHadIsQuarantinedBesideAGpuAndOthersAreTried() {
        submit("a", 1, 1);
        tell(new ScheduleCommand.AcquireFailed(
                "a", List.of(new Trouble(Thing.gpu(0), "busy"), new Trouble(Thing.port(8000), "bound"))));
        assertThat(effects)
                .contains(
                        new ScheduleEffect.Acquire("a", Map.of("llm", new Share(List.of(1), List.of(8001))), Map.of()));
        assertThat(schedule.decisions())
                .filteredOn(decision -> decision.outcome() == Outcome.NOT_ACQUIRED)
                .extracting(Decision::reason)
                .containsExactly("GPU 0: busy; port 8000: bound");
        tell(new ScheduleCommand.AcquireFailed("a", List.of(new Trouble(Thing.port(8000), "bound"))));
        assertThat(refusal()).contains("could not be had: port 8000: bound");
    }

    @Test
    void failureToAcquireForAJobThatEndedMeanwhileIsNoDecisionAboutIt() {
        submit("a", 1);
        tell(new ScheduleCommand.Ended("a", Set.of()));
        long decided = last().number();
        tell(new ScheduleCommand.AcquireFailed("a", List.of(new Trouble(Thing.gpu(0), "busy"))));
        assertThat(last().number()).isEqualTo(decided);
        assertThat(schedule.stage("a")).isEmpty();
    }

    @Test
    void startTellsWhatTheJobGetsAndHowLongItWaited() {
        submit("nothing", 0);
        assertThat(last().reason()).isEqualTo("its turn came after PT0S; it asks for no GPU and no port");
        run("a", 4);
        nowNs = SECOND;
        submit("b", 4);
        nowNs = 3 * SECOND;
        end("a");
        assertThat(last().reason())
                .startsWith("its turn came after PT2S; it gets ")
                .doesNotContain("to be found");
        schedule = Schedule.of(WIDE, Pool.gpus(List.of(), List.of()), Pool.foundPorts());
        submit("c", 0, 2);
        assertThat(last().reason()).endsWith(" and ports to be found: {llm=2}");
    }

    @Test
    void jobIsRefusedWhenNothingCanBeAcquiredAtAll() {
        submit("a", 1);
        tell(new ScheduleCommand.AcquireImpossible("a", "the ledger cannot be written"));
        assertThat(effects).containsExactly(new ScheduleEffect.Refuse("a", "the ledger cannot be written"));
        assertThat(schedule.stage("a")).isEmpty();
        assertThat(schedule.gpus().free()).isEqualTo(4);
    }

    @Test
    void whatWasAcquiredForAJobThatEndedMeanwhileIsReleased() {
        submit("a", 4);
        submit("b", 1);
        tell(new ScheduleCommand.Ended("a", Set.of()));
        assertThat(effects).as("nobody knows yet whether a has them").isEmpty();
        tell(new ScheduleCommand.Acquired("a"));
        assertThat(effects)
                .containsExactly(new ScheduleEffect.Release(
                        "a", Map.of("llm", new Share(List.of(0, 1, 2, 3), List.of()))));
        tell(new ScheduleCommand.Released("a", Set.of("llm")));
        assertThat(effects).hasSize(1).first().extracting(ScheduleEffect::job).isEqualTo("b");
    }

    @Test
    void keptServiceKeepsWhatItHasAndTheRestIsReleased() {
        Demand demand = new Demand(Map.of("llm", new Demand.Need(2, 0), "judge", new Demand.Need(1, 0)));
        tell(new ScheduleCommand.Submit(new Submission("a", "ann", 0, nowNs, demand)));
        tell(new ScheduleCommand.Acquired("a"));
        tell(new ScheduleCommand.Ended("a", Set.of("llm")));
        assertThat(effects)
                .containsExactly(new ScheduleEffect.Release("a", Map.of("judge", new Share(List.of(2), List.of()))));
        tell(new ScheduleCommand.Released("a", Set.of("judge")));
        assertThat(schedule.gpus().standing(0)).isEqualTo("leased to a/llm");
        assertThat(schedule.running()).isZero();
        tell(new ScheduleCommand.Released("a", Set.of("llm")));
        assertThat(schedule.gpus().free()).isEqualTo(4);
    }

    @Test
    void whatWasNotReleasedIsQuarantinedAndCheckedLater() {
        run("a", 2);
        tell(new ScheduleCommand.Ended("a", Set.of()));
        tell(new ScheduleCommand.NotReleased("a", List.of(new Trouble(Thing.gpu(1), "its memory is not free"))));
        assertThat(effects).containsExactly(new ScheduleEffect.RecheckLater("a", List.of(Thing.gpu(1))));
        tell(new ScheduleCommand.Released("a", Set.of("llm")));
        assertThat(schedule.gpus().summary()).isEqualTo("3 of 4 GPUs are free, 0 leased, 1 quarantined");
    }

    @Test
    void portsThatAreFoundAreLeasedWhenTheyAreKnown() {
        schedule = Schedule.of(WIDE, Pool.gpus(List.of(), List.of()), Pool.foundPorts());
        submit("a", 0, 2);
        assertThat(effects).containsExactly(new ScheduleEffect.Acquire("a", Map.of(), Map.of("llm", 2)));
        tell(new ScheduleCommand.Acquired("a", Map.of("llm", List.of(40_001, 40_007))));
        assertThat(effects)
                .containsExactly(new ScheduleEffect.Admit(
                        "a", Map.of("llm", new Share(List.of(), List.of(40_001, 40_007)))));
        assertThat(schedule.ports().leased()).isEqualTo(2);
        submit("b", 0, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tell(new ScheduleCommand.Acquired("b")))
                .withMessage("For b/llm 0 ports were found, where 1 were asked for.");
    }

    @Test
    void whatCanNeverBeMetIsRefusedAtOnceWithTheNumbers() {
        submit("a", 5);
        assertThat(refusal())
                .isEqualTo(
                        "it asks for 5 GPUs, and 4 are configured (sage.gpus.ids). Ask for fewer, or configure more");
        submit("b", 0, 3);
        assertThat(refusal())
                .isEqualTo(
                        "it asks for 3 ports, and 2 are configured (sage.ports.range). Ask for fewer, or configure more");
        schedule = fourGpus(new ScheduleLimits(9, 9, 9, 2, Duration.ofSeconds(60), 100));
        submit("c", 3);
        assertThat(refusal())
                .isEqualTo("it asks for 3 GPUs, and the jobs of one owner, here ann, may have 2 together"
                        + " (sage.queue.max-gpus-per-owner). Ask for fewer, or raise the limit");
        assertThat(schedule.waiting()).isZero();
    }

    @Test
    void oneMoreThanMayWaitIsRefusedUnlessItCanStart() {
        schedule = fourGpus(new ScheduleLimits(9, 1, 9, 9, Duration.ofSeconds(60), 100));
        run("a", 4);
        submit("b", 1);
        submit("c", 1);
        assertThat(refusal())
                .isEqualTo("1 job runs, of 9 that may (sage.job.max-running), and 1 wait, of 1 that may"
                        + " (sage.job.max-waiting). Submit it again when some have ended, or raise the settings");
        assertThat(schedule.waitingInOrder()).containsExactly("b");
        submit("d", 0);
        assertThat(schedule.stage("d")).contains(Stage.RUNNING);
    }

    @Test
    void higherPriorityGoesFirstAndAmongEqualsTheEarlier() {
        run("a", 4);
        submit("low", 4, "ann", 0);
        submit("first", 4, "ann", 1);
        submit("second", 4, "ann", 1);
        assertThat(schedule.waitingInOrder()).containsExactly("first", "second", "low");
    }

    @Test
    void waitingForTheAgeingTimeWeighsAsMuchAsOnePriority() {
        run("a", 4);
        submit("old", 4, "ann", 0);
        nowNs = 60 * SECOND - 1;
        submit("before", 4, "ann", 1);
        nowNs = 60 * SECOND + 1;
        submit("after", 4, "ann", 1);
        assertThat(schedule.waitingInOrder()).containsExactly("before", "old", "after");
    }

    @Test
    void laterJobStartsOnlyIfItTakesNothingThatTheHeadWaitsFor() {
        run("a", 2);
        submit("head", 3);
        submit("small", 1);
        assertThat(effects).isEmpty();
        submit("other", 0, 1);
        assertThat(effects).hasSize(1).first().extracting(ScheduleEffect::job).isEqualTo("other");
        assertThat(last().outcome()).isEqualTo(Outcome.BACKFILLED);
        assertThat(last().reason()).contains("of which job head, whose turn it is, needs nothing");
        end("a");
        assertThat(schedule.stage("head")).contains(Stage.ACQUIRING);
        assertThat(schedule.stage("small")).contains(Stage.ACQUIRING);
    }

    @Test
    void aPlaceAmongThoseThatRunIsKeptForTheHead() {
        schedule = fourGpus(new ScheduleLimits(2, 9, 9, 9, Duration.ofSeconds(60), 100));
        run("a", 4);
        submit("head", 1);
        submit("small", 0);
        assertThat(effects).isEmpty();
        assertThat(last().reason()).contains("reserved for job head, whose turn it is");
    }

    @Test
    void ownerAtALimitHoldsUpNobodyElse() {
        schedule = fourGpus(new ScheduleLimits(9, 9, 1, 9, Duration.ofSeconds(60), 100));
        submit("a", 1, "ann", 0);
        submit("held", 1, "ann", 0);
        assertThat(last().reason())
                .isEqualTo("1 job of its owner ann runs, of 1 that may (sage.queue.max-running-per-owner)");
        submit("b", 3, "bob", 0);
        assertThat(effects).hasSize(1).first().extracting(ScheduleEffect::job).isEqualTo("b");
        assertThat(last().outcome()).isEqualTo(Outcome.STARTED);
    }

    @Test
    void smallerJobsOfAnOwnerDoNotKeepItsLargeOneWaitingForEver() {
        schedule = fourGpus(new ScheduleLimits(9, 9, 9, 2, Duration.ofSeconds(60), 100));
        run("a", 1);
        submit("large", 2);
        assertThat(last().reason())
                .isEqualTo("it asks for 2 GPUs, and the jobs of its owner ann have 1 of the 2 that they may have"
                        + " (sage.queue.max-gpus-per-owner)");
        submit("small", 1);
        assertThat(effects).isEmpty();
        assertThat(last().reason()).contains("reserved for an earlier job of its owner ann");
        end("a");
        assertThat(schedule.stage("large")).contains(Stage.ACQUIRING);
    }

    @Test
    void gpusOfAJobThatEndedCountForItsOwnerUntilTheyAreFree() {
        schedule = fourGpus(new ScheduleLimits(9, 9, 9, 2, Duration.ofSeconds(60), 100));
        run("a", 2);
        tell(new ScheduleCommand.Ended("a", Set.of("llm")));
        submit("b", 1);
        assertThat(schedule.stage("b")).contains(Stage.WAITING);
        tell(new ScheduleCommand.Released("a", Set.of("llm")));
        assertThat(schedule.stage("b")).contains(Stage.ACQUIRING);
    }

    @Test
    void drainingGpuIsGivenToNobodyUntilItIsBack() {
        tell(new ScheduleCommand.Drain(List.of(Thing.gpu(0))));
        submit("a", 4);
        assertThat(last().reason())
                .isEqualTo("it asks for 4 GPUs; 4 of 4 GPUs are free (1 draining), 0 leased, 0 quarantined");
        tell(new ScheduleCommand.Undrain(List.of(Thing.gpu(0))));
        assertThat(schedule.stage("a")).contains(Stage.ACQUIRING);
    }

    @Test
    void decisionTellsOfEachGpuWhyItWasChosenOrNot() {
        run("a", 1);
        tell(new ScheduleCommand.Drain(List.of(Thing.gpu(1))));
        nowNs = 2 * SECOND;
        submit("b", 1);
        assertThat(last().candidates())
                .containsExactly(
                        new Candidate(Thing.gpu(0), "leased to a/llm"),
                        new Candidate(Thing.gpu(1), "free, draining"),
                        new Candidate(Thing.gpu(2), "chosen"),
                        new Candidate(Thing.gpu(3), "free"));
        submit("head", 2);
        submit("c", 1);
        assertThat(last().candidates().get(3).verdict()).isEqualTo("free, reserved for the job whose turn it is");
        assertThat(last())
                .hasToString("#4 at 2000000000 ns: c WAITS: it asks for 1 GPU and 0 ports, and what is free is"
                        + " reserved for job head, whose turn it is [GPU 0 leased to a/llm, GPU 1 free, draining,"
                        + " GPU 2 leased to b/llm, GPU 3 free, reserved for the job whose turn it is]");
    }

    @Test
    void waitIsRecordedAgainOnlyWhenItsReasonChanges() {
        run("a", 4);
        submit("b", 2);
        long recorded = last().number();
        tell(new ScheduleCommand.NotReleased("a", List.of(new Trouble(Thing.gpu(0), "busy"))));
        assertThat(last().number()).isEqualTo(recorded);
        submit("c", 3, "ann", 5);
        assertThat(last().job()).isEqualTo("c");
    }

    @Test
    void onlyTheLastDecisionsAreKept() {
        schedule = fourGpus(new ScheduleLimits(100, 9, 100, 9, Duration.ofSeconds(60), 3));
        IntStream.range(0, 10).forEach(i -> submit("job-" + i, 0));
        assertThat(schedule.decisions()).extracting(Decision::number).containsExactly(8L, 9L, 10L);
        assertThat(schedule.decisionsSince(8)).extracting(Decision::number).containsExactly(9L, 10L);
    }

    @Test
    void idsPrioritiesDemandsAndLimitsAreChecked() {
        submit("a", 0);
        assertThatIllegalArgumentException().isThrownBy(() -> submit("a", 0)).withMessageContaining("Job a was");
        assertThatIllegalArgumentException().isThrownBy(() -> submit("b", 0, "ann", 10_001));
        assertThatIllegalArgumentException().isThrownBy(() -> Demand.of("a", -1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScheduleLimits(0, 1, 1, 1, Duration.ofSeconds(1), 1))
                .withMessage("maxRunning is 0; it must be 1 or more.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScheduleLimits(1, 1, 1, 1, Duration.ZERO, 1))
                .withMessageContaining("ageing is PT0S");
    }

    private static Schedule fourGpus(ScheduleLimits limits) {
        return Schedule.of(limits, Pool.gpus(List.of(0, 1, 2, 3), List.of()), Pool.ports(List.of(8000, 8001)));
    }

    private void submit(String job, int gpus) {
        submit(job, gpus, "ann", 0);
    }

    private void submit(String job, int gpus, String owner, int priority) {
        Demand demand = gpus == 0 ? Demand.NOTHING : Demand.of("llm", gpus, 0);
        tell(new ScheduleCommand.Submit(new Submission(job, owner, priority, nowNs, demand)));
    }

    private void submit(String job, int gpus, int ports) {
        tell(new ScheduleCommand.Submit(new Submission(job, "ann", 0, nowNs, Demand.of("llm", gpus, ports))));
    }

    private void run(String job, int gpus) {
        submit(job, gpus);
        tell(new ScheduleCommand.Acquired(job));
        assertThat(schedule.stage(job)).contains(Stage.RUNNING);
    }

    private void end(String job) {
        tell(new ScheduleCommand.Ended(job, Set.of()));
        tell(new ScheduleCommand.Released(job, Set.of("llm")));
    }

    private void tell(ScheduleCommand command) {
        Schedule.Step step = schedule.on(command, nowNs);
        schedule = step.schedule();
        effects.clear();
        effects.addAll(step.effects());
    }

    private String refusal() {
        assertThat(last().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(effects).containsExactly(new ScheduleEffect.Refuse(last().job(), last().reason()));
        return last().reason();
    }

    private Decision last() {
        List<Decision> decisions = schedule.decisions();
        return decisions.get(decisions.size() - 1);
    }
}
