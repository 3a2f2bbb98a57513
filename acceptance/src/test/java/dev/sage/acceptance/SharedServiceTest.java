package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.KeptService;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceException;
import dev.sage.api.ServiceRef;
import dev.sage.testkit.Echo;
import dev.sage.testkit.ExpectedLog;
import dev.sage.testkit.Faults;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleFact;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Services that belong to the environment: started by the first call, for all jobs. */
@SageTest
class SharedServiceTest {
    private static final IOException FAILURE = new IOException("no license");

    @Test
    void sharedServiceIsStartedByTheFirstCallAndServesAllJobs(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        Echo shared = env.sharedService("model", probe.service("model")).as(Echo.class);
        assertThat(probe.life("model").facts()).isEmpty();
        assertThat(env.keptServices()).isEmpty();
        for (int job = 0; job < 2; job++) {
            Results<Object> answers = env.fromRange(0, 3).map(shared::echo).collect();
            env.run();
            assertThat(answers).containsExactly(0L, 1L, 2L);
        }
        assertThat(shared.echo("by the user")).isEqualTo("by the user");
        assertThat(env.keptServices()).extracting(KeptService::name).containsExactly("model");
        assertThat(probe.life("model").facts()).containsExactly(LifecycleFact.INITIALIZED, LifecycleFact.RUNNING);
    }

    @Test
    void sharedServiceThatNobodyCallsIsNeverMade(LifecycleProbe probe) {
        try (LocalEnvironment own = LocalEnvironment.create("own")) {
            own.sharedService("model", probe.service("model"));
        }
        assertThat(probe.life("model").facts()).isEmpty();
    }

    @Test
    void sharedServiceEndsWithItsEnvironmentAfterAllJobs(LifecycleProbe probe) throws Exception {
        try (LocalEnvironment own = LocalEnvironment.create("own")) {
            Echo shared = own.sharedService("model", probe.service("model")).as(Echo.class);
            shared.echo("start");
            own.service("index", probe.service("index"));
            own.fromSource(Jobs.endless()).map(shared::echo).sink(n -> {});
            Jobs.awaitState(own.submit(), JobState.RUNNING);
        }
        assertThat(probe.life("model")).livedWholly();
        assertThat(probe.life("index")).livedWholly();
        assertThat(probe.events().get(probe.events().size() - 1).service()).isEqualTo("model");
    }

    @Test
    void sharedServiceIsEndedByName(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        Echo shared = env.sharedService("model", probe.service("model")).as(Echo.class);
        shared.echo("start");
        assertThat(env.keptServices().get(0).end().clean()).isTrue();
        assertThat(probe.life("model")).livedWholly();
        assertThat(env.keptServices()).isEmpty();
        assertCode(() -> shared.echo("too late"), "service.unavailable");
    }

    @Test
    void callsWaitForTheStart(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        Gate start = probe.hold("model", LifecycleStep.START);
        var model = env.sharedService("model", probe.service("model"));
        CompletableFuture<Object> answer = CompletableFuture.supplyAsync(() -> call(model));
        start.awaitReached();
        assertThat(answer).isNotDone();
        start.open();
        assertThat(answer.join()).isEqualTo("x");
    }

    @Test
    @ExpectedLog("no license")
    void failingStartFailsTheJobsThatCallItWithItsCauseAndNoOthers(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        probe.fail("model", LifecycleStep.START, FAILURE);
        Echo shared = env.sharedService("model", probe.service("model")).as(Echo.class);
        env.fromRange(0, 3).map(shared::echo).name("ask").collect();
        JobHandle uses = env.submit();
        env.fromRange(0, 3).collect();
        JobHandle other = env.submit();
        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, uses::awaitClean);
        assertThat(thrown.getCause())
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.failed"))
                .cause()
                .isSameAs(FAILURE);
        assertThat(thrown.result().failure().orElseThrow().name()).isEqualTo("ask");
        Jobs.awaitState(other, JobState.IDLE);
        assertThat(probe.life("model")).wasCleanedUpOnce().wasNeverRunning();
    }

    @Test
    @ExpectedLog("it died")
    void sharedServiceThatDiesFailsTheJobsThatCallItAndIsCleaned(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        var model = env.sharedService("model", probe.watching("model", Mortal::new));
        model.call("work");
        model.call("die");
        env.fromRange(0, 3).map(n -> model.call("work")).collect();
        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);
        assertThat(thrown.getCause()).hasRootCauseMessage("it died");
        await().until(() -> env.keptServices().isEmpty());
        assertThat(probe.life("model")).livedWholly();
    }

    @Test
    @ExpectedLog({"Kill", "actor died"})
    void sharedServiceWhoseActorDiesIsCleanedOnce(LocalEnvironment env, LifecycleProbe probe, Faults faults)
            throws Exception {
        env.sharedService("model", probe.service("model")).call("echo", "x");
        faults.crashSharedService("model");
        await().until(() -> env.keptServices().isEmpty());
        assertThat(probe.life("model")).livedWholly();
    }

    @Test
    void wrongUseIsRefusedWithTheName(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        var model = env.sharedService("model", probe.service("model"));
        assertThatThrownBy(() -> env.sharedService("model", probe.service("model")))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("model");
        assertThatThrownBy(() -> env.sharedService("a/b", probe.service("a")))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("a/b");
        assertThatThrownBy(() -> model.dependsOn("store"))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("store");
        model.call("echo", "x");
        assertThatThrownBy(() -> model.concurrent(2))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("model");
    }

    private static Object call(ServiceRef<?> service) {
        try {
            return Objects.requireNonNull(service.call("echo", "x"));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertCode(ThrowingCallable call, String code) {
        assertThat(catchThrowableOfType(ServiceException.class, call).code()).isEqualTo(code);
    }

    /** Dies when it is told to. */
    static final class Mortal implements Service {
        private volatile @Nullable ServiceContext context;

        @Override
        public void init(ServiceContext given) {
            context = given;
        }

        public String work() {
            return "worked";
        }

        public void die() {
            Objects.requireNonNull(context).failed(new IOException("it died"));
        }
    }
}
