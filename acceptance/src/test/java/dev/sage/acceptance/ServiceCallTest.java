package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceException;
import dev.sage.api.ServiceRef;
import dev.sage.testkit.Echo;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How many calls a service takes at once, in what time, and how a call fails. */
@SageTest
class ServiceCallTest {

    @Test
    void serialServiceNeverRunsTwoCallsAtOnce(LocalEnvironment env) throws InterruptedException {
        Meter meter = new Meter();
        var service = env.service("meter", () -> meter).serial();
        env.fromRange(0, 400)
                .parallelism(2)
                .mapAsyncUnordered(8, n -> service.call("work"))
                .parallelism(2)
                .collect();
        env.run();
        assertThat(meter.most.get()).isEqualTo(1);
        assertThat(meter.calls.get()).isEqualTo(400);
    }

    @Test
    void concurrentServiceRunsAsManyCallsAsDeclaredAndNoMore(LocalEnvironment env) throws InterruptedException {
        Meter meter = new Meter();
        CyclicBarrier three = new CyclicBarrier(3);
        meter.inside = () -> three.await(10, TimeUnit.SECONDS);
        var service = env.service("meter", () -> meter).concurrent(3);
        // Each call waits for two others: fewer than three at once would break the barrier.
        env.fromRange(0, 300).mapAsyncUnordered(12, n -> service.call("work")).collect();
        env.run();
        assertThat(meter.most.get()).isEqualTo(3);
    }

    @Test
    void callThatWaitedTooLongFailsTypedAndIsNotExecuted(LocalEnvironment env) throws Exception {
        Meter meter = new Meter();
        try (Gate gate = Gate.closed("call")) {
            meter.inside = gate::pass;
            env.service("meter", () -> meter).callTimeout(Duration.ofMillis(100));
            JobHandle job = env.submit();
            Jobs.awaitState(job, JobState.IDLE);
            Work work = job.service("meter", Work.class);
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> work(work));
            gate.awaitReached();
            ServiceException late = catchThrowableOfType(ServiceException.class, work::work);
            assertThat(late.code()).isEqualTo("service.timeout");
            assertThat(late).hasMessageContaining("meter");
            gate.open();
            first.join();
        }
        assertThat(meter.calls.get()).isEqualTo(1);
    }

    @Test
    void callThatComesFromItselfByWayOfAnotherServiceIsATypedError(LocalEnvironment env) throws Exception {
        AtomicReference<ServiceRef<?>> first = new AtomicReference<>();
        AtomicReference<ServiceRef<?>> second = new AtomicReference<>();
        first.set(env.service("first", () -> new Caller(second)));
        second.set(env.service("second", () -> new Caller(first)));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        Work work = job.service("first", Work.class);
        ServiceException cycle = catchThrowableOfType(ServiceException.class, work::work);
        assertThat(cycle.code()).isEqualTo("service.cycle");
        assertThat(cycle).hasMessageContaining("first").hasMessageContaining("second");
    }

    @Test
    void serviceMayCallAnotherService(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        AtomicReference<ServiceRef<?>> meter = new AtomicReference<>();
        Meter called = new Meter();
        meter.set(env.service("meter", () -> called));
        env.service("caller", () -> new Caller(meter)).dependsOn("meter");
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        job.service("caller", Work.class).work();
        assertThat(called.calls.get()).isEqualTo(1);
    }

    @Test
    void serviceCallsThoseItDependsOnByItsContext(LocalEnvironment env) throws Exception {
        Meter meter = new Meter();
        env.service("meter", () -> meter);
        env.service("front", () -> new Front("meter")).dependsOn("meter");
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        assertThat(job.service("front", Work.class).work()).isEqualTo(1);
        assertThat(meter.calls.get()).isEqualTo(1);
    }

    @Test
    void serviceThatAsksForOneItDoesNotDependOnFailsTypedAndIsToldHowToDeclareIt(LocalEnvironment env)
            throws Exception {
        env.service("meter", Meter::new);
        env.service("front", () -> new Front("meter"));
        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);
        assertThat(thrown.getCause())
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.unknown"))
                .hasMessageContaining("front")
                .hasMessageContaining(".dependsOn(\"meter\")");
    }

    @Test
    void unknownMethodIsATypedErrorThatListsTheKnownOnes(LocalEnvironment env, LifecycleProbe probe) {
        var service = env.service("echo", probe.service("echo"));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        assertThatThrownBy(() -> service.call("ecko", "x"))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.method"))
                .hasMessageContaining("ecko")
                .hasMessageContaining("echo(Object)");
    }

    @Test
    void methodsOfTheLifecycleCannotBeCalled(LocalEnvironment env, LifecycleProbe probe) {
        var service = env.service("echo", probe.service("echo"));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        assertThatThrownBy(() -> service.call("cleanup")).isInstanceOf(ServiceException.class);
        assertThat(probe.life("echo")).isRunning();
    }

    @Test
    void unknownServiceIsATypedErrorThatListsTheKnownOnes(LocalEnvironment env, LifecycleProbe probe) {
        env.service("echo", probe.service("echo"));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        assertThatThrownBy(() -> job.service("ecko", Echo.class).echo("x"))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.unknown"))
                .hasMessageContaining("ecko")
                .hasMessageContaining("echo");
    }

    @Test
    void serviceIsUnavailableBeforeItsJobStartsAndAfterItEnded(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        var service = env.service("echo", probe.service("echo"));
        assertThatThrownBy(() -> service.call("echo", "x"))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.unavailable"));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        Echo echo = job.service("echo", Echo.class);
        job.stop();
        job.awaitClean();
        assertThatThrownBy(() -> echo.echo("x"))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.unavailable"));
    }

    @Test
    void exceptionOfAServiceArrivesAsItWasThrown(LocalEnvironment env, LifecycleProbe probe) {
        IOException failure = new IOException("broken");
        probe.fail("echo", LifecycleStep.CALL, failure);
        env.service("echo", probe.service("echo"));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        assertThatThrownBy(() -> job.service("echo", Echo.class).echo("x")).isSameAs(failure);
        assertThat(job.state()).isEqualTo(JobState.IDLE);
    }

    private static void work(Work work) {
        try {
            work.work();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What can be called. */
    interface Work {
        int work() throws Exception;
    }

    @FunctionalInterface
    private interface Inside {
        void run() throws Exception;
    }

    /** Counts its calls, and how many were inside at once. */
    static final class Meter implements Service, Work {
        final AtomicInteger calls = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger now = new AtomicInteger();
        private Inside inside = Thread::yield;

        @Override
        public int work() throws Exception {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                inside.run();
            } finally {
                now.decrementAndGet();
            }
            return calls.incrementAndGet();
        }
    }

    /** Calls one that its context gives it. */
    static final class Front implements Service, Work {
        private final String other;
        private volatile @Nullable Work work;

        Front(String other) {
            this.other = other;
        }

        @Override
        public void init(ServiceContext context) {
            work = context.service(other, Work.class);
        }

        @Override
        public int work() throws Exception {
            return Objects.requireNonNull(work).work();
        }
    }

    /** Calls another service in each of its own calls. */
    static final class Caller implements Service, Work {
        private final AtomicReference<ServiceRef<?>> other;

        Caller(AtomicReference<ServiceRef<?>> other) {
            this.other = other;
        }

        @Override
        public int work() throws Exception {
            return (int) other.get().call("work");
        }
    }
}
