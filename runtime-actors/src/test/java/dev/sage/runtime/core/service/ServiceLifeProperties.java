package dev.sage.runtime.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.RestartPolicy;
import dev.sage.runtime.core.Transitions.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The life of a service under signals in any order, with methods that return, throw or hang, and instances that die. */
class ServiceLifeProperties {
    private static final Throwable DEATH = new IllegalStateException("died");

    @Property(tries = 5_000)
    void stopRunsOnlyIfItRanAndCleanUpRunsOnceAtTheEnd(@ForAll long seed) {
        List<ServiceStep> ran = new ArrayList<>();
        ServiceLife end = simulate(new Random(seed), ran, new LinkedHashSet<>());

        assertThat(end.state()).isEqualTo(ServiceState.CLEANED);
        List<List<ServiceStep>> instances = instances(ran);
        for (List<ServiceStep> replaced : instances.subList(0, instances.size() - 1)) {
            assertThat(replaced).containsExactly(ServiceStep.INIT, ServiceStep.START, ServiceStep.DISCARD);
        }
        List<ServiceStep> last = instances.get(instances.size() - 1);
        assertThat(last).doesNotHaveDuplicates().startsWith(ServiceStep.INIT).endsWith(ServiceStep.CLEANUP);
        assertThat(last.contains(ServiceStep.STOP) || last.contains(ServiceStep.DISCARD))
                .as("stop needs a start")
                .isIn(false, last.contains(ServiceStep.START));
        assertThat(last)
                .as("stopped as part of one step")
                .doesNotContainSequence(ServiceStep.DISCARD, ServiceStep.STOP);
        assertThat(last.stream().filter(step -> step != ServiceStep.DISCARD)).isSorted();
    }

    /** What ran, from one init to the next. */
    private static List<List<ServiceStep>> instances(List<ServiceStep> ran) {
        List<List<ServiceStep>> instances = new ArrayList<>();
        for (ServiceStep step : ran) {
            if (step == ServiceStep.INIT) {
                instances.add(new ArrayList<>());
            }
            instances.get(instances.size() - 1).add(step);
        }
        return instances;
    }

    @Test
    void aServiceThatDiesIsDiscardedBeforeTheNextInstanceIsMade() {
        ServiceLife life = running(RestartPolicy.upTo(1, Duration.ofSeconds(10)));
        ServiceLife.Decision died = life.on(died(1, 0));
        assertThat(died.life().state()).isEqualTo(ServiceState.RESTARTING);
        assertThat(died.effects())
                .containsExactly(
                        new ServiceEffect.TellRestarting(1, DEATH, 1, 1),
                        new ServiceEffect.HoldDoor(),
                        new ServiceEffect.BoundRestart(2),
                        new ServiceEffect.Run(ServiceStep.DISCARD));
        assertThat(died.life().on(returned(ServiceStep.DISCARD)).effects())
                .containsExactly(new ServiceEffect.Run(ServiceStep.INIT));
    }

    @Test
    void oneDeathMoreThanThePolicyAllowsIsFinalAndOwnerHearsOfItBeforeCallersDo() {
        ServiceLife life = running(RestartPolicy.never());
        ServiceLife.Decision died = life.on(died(1, 0));
        assertThat(died.life().state()).isEqualTo(ServiceState.DEAD);
        assertThat(died.effects()).containsExactly(new ServiceEffect.TellDied(DEATH), new ServiceEffect.CloseDoor());
        assertThat(died.life().on(new ServiceSignal.Stop()).effects())
                .contains(new ServiceEffect.Run(ServiceStep.STOP));
    }

    @Test
    void restartsCountOnlyWithinTheTimeOfThePolicy() {
        RestartPolicy policy = RestartPolicy.upTo(1, Duration.ofSeconds(10));
        ServiceLife again = restarted(running(policy).on(died(1, 0)).life());
        long withinNs = Duration.ofSeconds(10).toNanos();
        assertThat(again.on(died(2, withinNs - 1)).life().state()).isEqualTo(ServiceState.DEAD);
        assertThat(again.on(died(2, withinNs)).life().state()).isEqualTo(ServiceState.RESTARTING);
    }

    @Test
    void aRestartIsToldWithItsNumberOfThoseThatCountAndAgainWhenTheNextInstanceRuns() {
        RestartPolicy policy = RestartPolicy.upTo(2, Duration.ofSeconds(10));
        ServiceLife second = restarted(running(policy).on(died(1, 0)).life());
        assertThat(second.on(died(2, 1)).effects()).contains(new ServiceEffect.TellRestarting(2, DEATH, 2, 2));
        long tooLateToCountNs = Duration.ofSeconds(10).toNanos();
        ServiceLife.Decision died = second.on(died(2, tooLateToCountNs));
        assertThat(died.effects()).contains(new ServiceEffect.TellRestarting(2, DEATH, 1, 2));
        ServiceLife starting = died.life()
                .on(returned(ServiceStep.DISCARD))
                .life()
                .on(returned(ServiceStep.INIT))
                .life();
        assertThat(starting.on(returned(ServiceStep.START)).effects())
                .containsExactly(new ServiceEffect.TellRestarted(3));
    }

    @Test
    void theDeathOfAnInstanceThatWasReplacedChangesNothing() {
        ServiceLife again = restarted(running(RestartPolicy.upTo(5, Duration.ofSeconds(10)))
                .on(died(1, 0))
                .life());
        assertThat(again.on(died(1, 1)).effects()).isEmpty();
    }

    @Test
    void aRestartThatTakesTooLongFailsForGood() {
        ServiceLife restarting = running(RestartPolicy.upTo(5, Duration.ofSeconds(10)))
                .on(died(1, 0))
                .life();
        ServiceLife.Decision late = restarting.on(new ServiceSignal.RestartLate(2, Duration.ofSeconds(3)));
        assertThat(late.effects())
                .hasSize(3)
                .hasAtLeastOneElementOfType(ServiceEffect.TellFailed.class)
                .contains(new ServiceEffect.CloseDoor(), new ServiceEffect.Interrupt());
        assertThat(late.life().on(returned(ServiceStep.DISCARD)).life().state()).isEqualTo(ServiceState.STOPPED);
    }

    @Test
    void theTimerOfARestartThatSucceededChangesNothing() {
        ServiceLife again = restarted(running(RestartPolicy.upTo(5, Duration.ofSeconds(10)))
                .on(died(1, 0))
                .life());
        assertThat(again.on(new ServiceSignal.RestartLate(2, Duration.ofSeconds(3)))
                        .effects())
                .isEmpty();
    }

    @Test
    void noInstanceIsMadeForAServiceThatIsStoppedDuringItsRestart() {
        ServiceLife restarting = running(RestartPolicy.upTo(5, Duration.ofSeconds(10)))
                .on(died(1, 0))
                .life();
        ServiceLife stopped = restarting.on(new ServiceSignal.Stop()).life();
        assertThat(stopped.on(returned(ServiceStep.DISCARD)).effects())
                .containsExactly(new ServiceEffect.TellStopped(Optional.empty()));
    }

    private static ServiceLife running(RestartPolicy policy) {
        return ServiceLife.created(policy)
                .on(new ServiceSignal.Start())
                .life()
                .on(returned(ServiceStep.INIT))
                .life()
                .on(returned(ServiceStep.START))
                .life();
    }

    private static ServiceLife restarted(ServiceLife restarting) {
        ServiceLife life = restarting
                .on(returned(ServiceStep.DISCARD))
                .life()
                .on(returned(ServiceStep.INIT))
                .life()
                .on(returned(ServiceStep.START))
                .life();
        assertThat(life.state()).isEqualTo(ServiceState.RUNNING);
        return life;
    }

    private static ServiceSignal died(int instance, long nowNs) {
        return new ServiceSignal.Died(instance, DEATH, nowNs);
    }

    @Test
    void everyTransitionOfTheTableIsVisited() {
        Set<Transition<ServiceState, ServiceTrigger>> visited = new LinkedHashSet<>();
        for (long seed = 0; seed < 5_000; seed++) {
            simulate(new Random(seed), new ArrayList<>(), visited);
        }
        assertThat(visited).containsExactlyInAnyOrderElementsOf(ServiceTransitions.TABLE.all());
    }

    @Test
    void aStopThatWasGivenUpForTheCleanupHoldsItsEndUntilItReturns() {
        ServiceLife stopping =
                running(RestartPolicy.never()).on(new ServiceSignal.Stop()).life();
        ServiceLife.Decision givenUp = stopping.on(new ServiceSignal.CleanUp());
        assertThat(givenUp.effects())
                .containsExactly(new ServiceEffect.Interrupt(), new ServiceEffect.Run(ServiceStep.CLEANUP));
        ServiceLife.Decision cleaned = givenUp.life().on(returned(ServiceStep.CLEANUP));
        assertThat(cleaned.effects()).containsExactly(new ServiceEffect.TellHeld(ServiceStep.STOP, Optional.empty()));
        assertThat(cleaned.life().on(returned(ServiceStep.STOP)).effects())
                .containsExactly(new ServiceEffect.TellCleaned(Optional.empty()));
    }

    @Test
    void aStopThatReturnedBeforeTheCleanupDidHoldsNothing() {
        ServiceLife cleaning = running(RestartPolicy.never())
                .on(new ServiceSignal.Stop())
                .life()
                .on(new ServiceSignal.CleanUp())
                .life();
        ServiceLife returned = cleaning.on(returned(ServiceStep.STOP)).life();
        assertThat(returned.on(returned(ServiceStep.CLEANUP)).effects())
                .containsExactly(new ServiceEffect.TellCleaned(Optional.empty()));
    }

    @Test
    void whatAnInterruptedStartThrowsIsNoFailureOfTheService() {
        ServiceLife life = ServiceLife.created(RestartPolicy.never())
                .on(new ServiceSignal.Start())
                .life();
        life = life.on(new ServiceSignal.Stop()).life();
        ServiceSignal interrupted = new ServiceSignal.Ended(ServiceStep.INIT, Optional.of(new InterruptedException()));
        assertThat(life.on(interrupted).effects()).containsExactly(new ServiceEffect.TellStopped(Optional.empty()));
    }

    @Test
    void anOrphanStopsAndCleansUpByItself() {
        ServiceLife life = ServiceLife.created(RestartPolicy.never())
                .on(new ServiceSignal.Start())
                .life();
        life = life.on(returned(ServiceStep.INIT))
                .life()
                .on(returned(ServiceStep.START))
                .life();
        ServiceLife.Decision gone = life.on(new ServiceSignal.OwnerGone());
        assertThat(gone.effects()).contains(new ServiceEffect.Run(ServiceStep.STOP));
        assertThat(gone.life().on(returned(ServiceStep.STOP)).effects())
                .containsExactly(new ServiceEffect.Run(ServiceStep.CLEANUP));
    }

    private static ServiceSignal returned(ServiceStep step) {
        return new ServiceSignal.Ended(step, Optional.empty());
    }

    private static ServiceLife simulate(
            Random random, List<ServiceStep> ran, Set<Transition<ServiceState, ServiceTrigger>> visited) {
        ServiceLife life = ServiceLife.created(
                random.nextBoolean() ? RestartPolicy.never() : RestartPolicy.upTo(2, Duration.ofNanos(10)));
        List<ServiceStep> unfinished = new ArrayList<>();
        for (int i = 0; !life.isOver(); i++) {
            ServiceSignal signal = i == 0 ? new ServiceSignal.Start() : signal(random, life, unfinished, i);
            ServiceState before = life.state();
            ServiceLife.Decision decision = life.on(signal);
            life = decision.life();
            boolean tellsCleaned = decision.effects().stream().anyMatch(ServiceEffect.TellCleaned.class::isInstance);
            assertThat(tellsCleaned)
                    .as("its end is told when it is over, which it is not while a method of it runs")
                    .isEqualTo(life.isOver());
            assertThat(life.isOver()).isEqualTo(life.state() == ServiceState.CLEANED && unfinished.isEmpty());
            for (ServiceEffect effect : decision.effects()) {
                if (effect instanceof ServiceEffect.Run run) {
                    ran.add(run.step());
                    unfinished.add(run.step());
                }
            }
            for (Transition<ServiceState, ServiceTrigger> transition : ServiceTransitions.TABLE.all()) {
                if (transition.from() == before && fits(transition, signal, decision)) {
                    visited.add(transition);
                }
            }
        }
        return life;
    }

    /** Late in a simulation the service is asked to end, so that it does. */
    private static ServiceSignal signal(Random random, ServiceLife life, List<ServiceStep> unfinished, int i) {
        int dice = random.nextInt(14);
        if (i > 30 || dice == 0) {
            return i % 3 == 0 && !unfinished.isEmpty() ? ended(random, unfinished) : new ServiceSignal.CleanUp();
        }
        if (dice == 1) {
            return new ServiceSignal.Stop();
        }
        if (dice == 2) {
            return new ServiceSignal.OwnerGone();
        }
        if (dice == 3) {
            return new ServiceSignal.RestartLate(life.instance() - random.nextInt(2), Duration.ofSeconds(1));
        }
        if (dice > 9) {
            return died(life.instance() - random.nextInt(2), i);
        }
        return unfinished.isEmpty() ? new ServiceSignal.Stop() : ended(random, unfinished);
    }

    private static ServiceSignal ended(Random random, List<ServiceStep> unfinished) {
        ServiceStep step = unfinished.remove(random.nextInt(unfinished.size()));
        return new ServiceSignal.Ended(
                step, random.nextInt(4) == 0 ? Optional.of(new IllegalStateException("thrown")) : Optional.empty());
    }

    private static boolean fits(
            Transition<ServiceState, ServiceTrigger> transition, ServiceSignal signal, ServiceLife.Decision decision) {
        boolean direct = transition.to() == decision.life().state();
        boolean orphanWentOn = decision.life().orphaned()
                && transition.to() == ServiceState.STOPPED
                && decision.life().state() == ServiceState.CLEANING;
        return (direct || orphanWentOn)
                && switch (transition.trigger()) {
                    case START -> signal instanceof ServiceSignal.Start;
                    case STOP -> signal instanceof ServiceSignal.Stop || signal instanceof ServiceSignal.OwnerGone;
                    case RESTART, DIE -> signal instanceof ServiceSignal.Died;
                    case CLEAN_UP -> direct;
                    case THREW ->
                        signal instanceof ServiceSignal.Ended ended
                                && ended.thrown().isPresent();
                    case RETURNED, RETURNED_LATE ->
                        signal instanceof ServiceSignal.Ended ended
                                && ended.thrown().isEmpty();
                };
    }
}
