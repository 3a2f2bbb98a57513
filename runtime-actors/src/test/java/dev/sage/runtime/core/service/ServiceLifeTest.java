package dev.sage.runtime.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.RestartPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a service tells its owner, and when: the rules that random signals go through without looking at them. */
class ServiceLifeTest {
    private static final Throwable DEATH = new IllegalStateException("died");
    private static final Optional<Throwable> THROWN = Optional.of(new IllegalStateException("thrown"));
    private static final RestartPolicy RESTARTS = RestartPolicy.upTo(5, Duration.ofSeconds(10));

    private ServiceLife.Decision last = new ServiceLife.Decision(ServiceLife.created(RESTARTS), List.of());

    @Test
    void stopThatThrewIsTold() {
        tell(new ServiceSignal.Start(), returned(ServiceStep.INIT), returned(ServiceStep.START));
        tell(new ServiceSignal.Stop(), new ServiceSignal.Ended(ServiceStep.STOP, THROWN));
        assertThat(last.effects()).containsExactly(new ServiceEffect.TellStopped(THROWN));
    }

    @Test
    void startThatReturnedAfterTheServiceWasAskedToStopIsStopped() {
        tell(new ServiceSignal.Start(), returned(ServiceStep.INIT), new ServiceSignal.Stop());
        tell(returned(ServiceStep.START));
        assertThat(last.effects()).containsExactly(new ServiceEffect.Run(ServiceStep.STOP));
    }

    @Test
    void serviceThatDoesNotRunAnswersAStopAtOnce() {
        tell(new ServiceSignal.Start(), new ServiceSignal.Ended(ServiceStep.INIT, THROWN), new ServiceSignal.Stop());
        assertThat(last.effects()).contains(new ServiceEffect.TellStopped(Optional.empty()));
    }

    @Test
    void endOfAnInstanceThatThrewFailsItsRestart() {
        tell(new ServiceSignal.Start(), returned(ServiceStep.INIT), returned(ServiceStep.START), died(1, 0));
        tell(new ServiceSignal.Ended(ServiceStep.DISCARD, THROWN));
        assertThat(last.effects())
                .containsExactly(new ServiceEffect.TellFailed(ServiceStep.DISCARD, THROWN.orElseThrow()));
    }

    @Test
    void endOfAnInstanceThatThrewAfterTheServiceWasAskedToStopIsToldAsItsStop() {
        tell(new ServiceSignal.Start(), returned(ServiceStep.INIT), returned(ServiceStep.START), died(1, 0));
        tell(new ServiceSignal.Stop(), new ServiceSignal.Ended(ServiceStep.DISCARD, THROWN));
        assertThat(last.effects()).containsExactly(new ServiceEffect.TellStopped(THROWN));
    }

    @Test
    void restartIsLateInEachOfItsSteps() {
        tell(new ServiceSignal.Start(), returned(ServiceStep.INIT), returned(ServiceStep.START), died(1, 0));
        ServiceLife discarding = last.life();
        assertThatALateRestartFailsIn(ServiceStep.DISCARD);
        last = discarding.on(returned(ServiceStep.DISCARD));
        ServiceLife initializing = last.life();
        assertThatALateRestartFailsIn(ServiceStep.INIT);
        last = initializing.on(returned(ServiceStep.INIT));
        assertThatALateRestartFailsIn(ServiceStep.START);
    }

    private void assertThatALateRestartFailsIn(ServiceStep step) {
        tell(new ServiceSignal.RestartLate(2, Duration.ofSeconds(3)));
        assertThat(last.effects())
                .filteredOn(ServiceEffect.TellFailed.class::isInstance)
                .singleElement()
                .satisfies(effect ->
                        assertThat(((ServiceEffect.TellFailed) effect).step()).isEqualTo(step));
    }

    @Test
    void restartsAreCountedByTheTimeThatHasPassedSince() {
        long longAgoNs = Duration.ofHours(1).toNanos();
        last = new ServiceLife.Decision(ServiceLife.created(RestartPolicy.upTo(1, Duration.ofSeconds(10))), List.of());
        tell(new ServiceSignal.Start(), returned(ServiceStep.INIT), returned(ServiceStep.START), died(1, longAgoNs));
        tell(returned(ServiceStep.DISCARD), returned(ServiceStep.INIT), returned(ServiceStep.START));
        tell(died(2, longAgoNs + 1));
        assertThat(last.life().state()).isEqualTo(ServiceState.DEAD);
    }

    @Test
    void stoppedServiceWhoseOwnerIsGoneIsCleanedUp() {
        tell(new ServiceSignal.Start(), returned(ServiceStep.INIT), returned(ServiceStep.START));
        tell(new ServiceSignal.Stop(), returned(ServiceStep.STOP), new ServiceSignal.OwnerGone());
        assertThat(last.effects()).containsExactly(new ServiceEffect.Run(ServiceStep.CLEANUP));
    }

    @Test
    void reasonNamesTheStepAsReportsDo() {
        tell(new ServiceSignal.Start(), returned(ServiceStep.INIT));
        assertThat(last.life().reason()).isEqualTo("init returned");
    }

    private void tell(ServiceSignal... signals) {
        for (ServiceSignal signal : signals) {
            last = last.life().on(signal);
        }
    }

    private static ServiceSignal returned(ServiceStep step) {
        return new ServiceSignal.Ended(step, Optional.empty());
    }

    private static ServiceSignal died(int instance, long nowNs) {
        return new ServiceSignal.Died(instance, DEATH, nowNs);
    }
}
