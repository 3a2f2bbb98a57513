package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobFailure;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ServiceReport;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Echo;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleFact;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a service that throws or hangs does to its job, and what it cannot do to the others. */
@SageTest
class ServiceFailureTest {
    private static final IOException FAILURE = new IOException("disk full");

    @ParameterizedTest
    @EnumSource(names = {"INIT", "START", "STOP", "CLEANUP"})
    void exceptionInTheLifeOfAServiceEndsTheJobFailedWithItAsCause(
            LifecycleStep step, LocalEnvironment env, LifecycleProbe probe) {
        probe.fail("faulty", step, FAILURE);
        env.service("faulty", probe.service("faulty"));
        env.service("other", probe.service("other"));
        env.fromRange(0, 10).collect();

        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);

        assertThat(thrown.getCause()).isSameAs(FAILURE);
        JobFailure told = thrown.result().failure().orElseThrow();
        assertThat(told.origin()).isEqualTo(JobFailure.Origin.SERVICE);
        assertThat(told.name()).isEqualTo("faulty");
        assertThat(told.step()).isEqualTo(step.name().toLowerCase(Locale.ROOT));
        assertThat(thrown.result().state()).isEqualTo(JobState.FAILED);
        assertThat(probe.life("faulty")).wasCleanedUpOnce().isNotRunning();
        assertThat(probe.life("other")).wasCleanedUpOnce().completedCleanup();
        assertThat(probe.life("other").facts()).endsWith(LifecycleFact.NOT_RUNNING);
    }

    @Test
    void exceptionInACallEndsTheJobFailedWithTheCallersName(LocalEnvironment env, LifecycleProbe probe) {
        probe.fail("faulty", LifecycleStep.CALL, FAILURE);
        Echo faulty = env.service("faulty", probe.service("faulty")).as(Echo.class);
        env.fromRange(0, 10).map(faulty::echo).name("caller").collect();

        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);

        assertThat(thrown.getCause()).isSameAs(FAILURE);
        JobFailure told = thrown.result().failure().orElseThrow();
        assertThat(told.origin()).isEqualTo(JobFailure.Origin.OPERATOR);
        assertThat(told.name()).isEqualTo("caller");
        assertThat(told.ordinal()).hasValue(0);
        assertThat(probe.life("faulty")).livedWholly();
    }

    @Test
    void ofTwoServicesOneFailsItsCleanupAndTheOtherIsCleanedAndTheReportNamesTheFailed(
            LocalEnvironment env, LifecycleProbe probe) {
        probe.fail("faulty", LifecycleStep.CLEANUP, FAILURE);
        env.service("faulty", probe.service("faulty"));
        env.service("other", probe.service("other"));
        env.fromRange(0, 10).collect();

        JobResult result =
                catchThrowableOfType(JobFailedException.class, env::run).result();

        assertThat(result.state()).isEqualTo(JobState.FAILED);
        assertThat(result.failure().flatMap(JobFailure::cause)).containsSame(FAILURE);
        assertThat(result.clean()).isFalse();
        assertThat(result.cleanup().failures())
                .singleElement()
                .satisfies(line -> assertThat(line.toString()).contains("service faulty", "failed", "disk full"));
        assertThat(result.cleanup().lines())
                .filteredOn(line -> line.name().equals("other"))
                .extracting(CleanupReport.Line::outcome)
                .containsOnly(CleanupReport.Outcome.RELEASED);
        assertThat(result.services().get("faulty"))
                .isEqualTo(new ServiceReport("faulty", true, true, true, false, false, 0));
        assertThat(result.services().get("other"))
                .isEqualTo(new ServiceReport("other", true, true, true, true, false, 0));
    }

    @Test
    void serviceWhoseInitFailedIsNeitherStartedNorStoppedAndItsDependentsAreNotMade(
            LocalEnvironment env, LifecycleProbe probe) {
        probe.fail("store", LifecycleStep.INIT, FAILURE);
        env.service("store", probe.service("store"));
        env.service("cache", probe.service("cache")).dependsOn("store");

        JobResult result =
                catchThrowableOfType(JobFailedException.class, env::run).result();

        assertThat(probe.life("store")).wasNeverRunning().wasNeverStopped().wasCleanedUpOnce();
        assertThat(probe.life("cache").facts()).isEmpty();
        assertThat(result.services().get("store"))
                .isEqualTo(new ServiceReport("store", false, false, true, true, false, 0));
        assertThat(result.services().get("cache"))
                .isEqualTo(new ServiceReport("cache", false, false, false, false, false, 0));
    }

    @Test
    void serviceWhoseStartFailedIsNotStoppedButCleaned(LocalEnvironment env, LifecycleProbe probe) {
        probe.fail("faulty", LifecycleStep.START, FAILURE);
        env.service("faulty", probe.service("faulty"));
        assertThat(catchThrowableOfType(JobFailedException.class, env::run))
                .cause()
                .isSameAs(FAILURE);
        assertThat(probe.life("faulty"))
                .wasInitialized()
                .wasNeverRunning()
                .wasNeverStopped()
                .completedCleanup();
    }

    @Test
    void factoryThatThrowsEndsTheJobFailedWithItsCause(LocalEnvironment env) {
        env.service("faulty", () -> {
            throw FAILURE;
        });
        assertThat(catchThrowableOfType(JobFailedException.class, env::run))
                .cause()
                .isSameAs(FAILURE);
    }

    @Test
    void stoppedJobWhoseServiceFailsItsCleanupEndsFailed(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        probe.fail("faulty", LifecycleStep.CLEANUP, FAILURE);
        env.service("faulty", probe.service("faulty"));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        job.stop();
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isEqualTo(JobState.FAILED);
        assertThat(result.failure().flatMap(JobFailure::cause)).containsSame(FAILURE);
    }

    @Test
    void cancelledJobWhoseServiceFailsItsCleanupStaysCancelledAndTellsTheFailure(
            LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        probe.fail("faulty", LifecycleStep.CLEANUP, FAILURE);
        env.service("faulty", probe.service("faulty"));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        job.cancel();
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isEqualTo(JobState.CANCELLED);
        assertThat(result.laterFailures()).extracting(JobFailure::cause).containsExactly(Optional.of(FAILURE));
        assertThat(result.clean()).isFalse();
    }

    @Test
    void firstFailureStaysTheCauseAndLaterOnesAreTold(LocalEnvironment env, LifecycleProbe probe) {
        IOException first = new IOException("first");
        probe.fail("faulty", LifecycleStep.STOP, FAILURE);
        env.service("faulty", probe.service("faulty"));
        env.fromRange(0, 10)
                .map(n -> {
                    throw first;
                })
                .collect();
        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);
        assertThat(thrown.getCause()).isSameAs(first);
        assertThat(thrown.result().laterFailures())
                .extracting(JobFailure::cause)
                .containsExactly(Optional.of(FAILURE));
        assertThat(probe.life("faulty")).wasCleanedUpOnce().completedCleanup();
    }

    @Test
    void hungStopIsCutOffByItsPhaseAndNamedAndTheServiceIsCleanedNevertheless(
            LocalEnvironment env, LifecycleProbe probe) {
        Gate stop = probe.hold("hung", LifecycleStep.STOP);
        env.service("hung", probe.service("hung"));
        env.service("other", probe.service("other"));
        env.fromRange(0, 10).collect();
        SubmitOptions options = SubmitOptions.autostop().phaseTimeout("stop-services", Duration.ofMillis(200));

        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, () -> env.run(options));

        assertThat(stop.isReached()).isTrue();
        assertThat(thrown).hasMessageContaining("hung").hasMessageContaining("stop");
        assertThat(probe.life("hung")).wasCleanedUpOnce();
        assertThat(probe.life("other")).livedWholly();
    }

    @Test
    void severalHungCleanupsCostOneTimeoutAndAreNamed(LocalEnvironment env, LifecycleProbe probe) {
        SubmitOptions options = SubmitOptions.autostop().phaseTimeout("cleanup-services", Duration.ofMillis(500));
        for (int i = 0; i < 6; i++) {
            probe.hold("hung-" + i, LifecycleStep.CLEANUP);
            env.service("hung-" + i, probe.service("hung-" + i));
        }
        env.service("other", probe.service("other"));

        JobResult result = catchThrowableOfType(JobFailedException.class, () -> env.run(options))
                .result();

        assertThat(result.duration()).isLessThan(Duration.ofSeconds(1));
        assertThat(result.cleanup().failures())
                .extracting(CleanupReport.Line::name)
                .containsExactlyInAnyOrder("hung-0", "hung-1", "hung-2", "hung-3", "hung-4", "hung-5");
        assertThat(probe.life("other")).livedWholly();
    }
}
