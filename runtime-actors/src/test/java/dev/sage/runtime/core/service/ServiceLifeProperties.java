package dev.sage.runtime.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.runtime.core.Transitions.Transition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The life of a service under signals in any order, with methods that return, throw or hang. */
class ServiceLifeProperties {

    @Property(tries = 5_000)
    void stopRunsOnlyIfItRanAndCleanUpRunsOnceAtTheEnd(@ForAll long seed) {
        List<ServiceStep> ran = new ArrayList<>();
        ServiceLife end = simulate(new Random(seed), ran, new LinkedHashSet<>());

        assertThat(end.state()).isEqualTo(ServiceState.CLEANED);
        assertThat(ran).doesNotHaveDuplicates().startsWith(ServiceStep.INIT).endsWith(ServiceStep.CLEANUP);
        assertThat(ran.contains(ServiceStep.STOP))
                .as("stop needs a start")
                .isIn(false, ran.contains(ServiceStep.START));
        assertThat(ran).isSorted();
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
    void whatAnInterruptedStartThrowsIsNoFailureOfTheService() {
        ServiceLife life = ServiceLife.created().on(new ServiceSignal.Start()).life();
        life = life.on(new ServiceSignal.Stop()).life();
        ServiceSignal interrupted = new ServiceSignal.Ended(ServiceStep.INIT, Optional.of(new InterruptedException()));
        assertThat(life.on(interrupted).effects()).containsExactly(new ServiceEffect.TellStopped(Optional.empty()));
    }

    @Test
    void anOrphanStopsAndCleansUpByItself() {
        ServiceLife life = ServiceLife.created().on(new ServiceSignal.Start()).life();
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
        ServiceLife life = ServiceLife.created();
        List<ServiceStep> unfinished = new ArrayList<>();
        for (int i = 0; life.state() != ServiceState.CLEANED; i++) {
            ServiceSignal signal = i == 0 ? new ServiceSignal.Start() : signal(random, unfinished, i);
            ServiceState before = life.state();
            ServiceLife.Decision decision = life.on(signal);
            life = decision.life();
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
    private static ServiceSignal signal(Random random, List<ServiceStep> unfinished, int i) {
        int dice = random.nextInt(10);
        if (i > 30 || dice == 0) {
            return i % 3 == 0 && !unfinished.isEmpty() ? ended(random, unfinished) : new ServiceSignal.CleanUp();
        }
        if (dice == 1) {
            return new ServiceSignal.Stop();
        }
        if (dice == 2) {
            return new ServiceSignal.OwnerGone();
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
