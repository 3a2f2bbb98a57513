package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Next;
import dev.sage.api.Results;
import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import dev.sage.testkit.SageTest;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** User code that never returns, is deaf to interrupts, or throws what nobody expects: bounded, named, and harmless to others. */
@SageTest(
        settings = {
            "sage.job.start-timeout=2s",
            "sage.job-shutdown.interrupt-after=100ms",
            "sage.job-shutdown.phases.stop-tasks.timeout=300ms",
            "sage.service.calls-end-within=100ms",
            "sage.job-shutdown.phases.stop-services.timeout=300ms",
            "sage.job-shutdown.phases.cleanup-services.timeout=300ms"
        })
class HungCodeTest {
    private static final Duration ALL_PHASES = Duration.ofSeconds(5);

    private final Gate gate = Gate.closed("user code");

    @AfterEach
    void letItGo() {
        gate.open();
    }

    /** Where user code of a pipeline can hang. */
    enum Place {
        SOURCE,
        BATCH,
        MAP,
        KEYED,
        ASYNC,
        SINK
    }

    @ParameterizedTest
    @EnumSource
    void operatorThatIgnoresInterruptsIsLeftBehindByNameAndEverythingElseIsCleaned(
            Place place, LocalEnvironment env, LifecycleProbe probe) throws Exception {
        env.service("index", probe.service("index"));
        build(place, env);
        JobHandle job = env.submit(SubmitOptions.autostop());
        gate.awaitReached();
        job.cancel();
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isEqualTo(JobState.CANCELLED);
        assertThat(result.duration()).isLessThan(ALL_PHASES);
        assertThat(result.clean()).isFalse();
        assertThat(result.cleanup().failures())
                .singleElement()
                .satisfies(line -> assertThat(line.toString()).contains("task", "left behind"));
        assertThat(probe.life("index")).livedWholly();
        assertThatTheEnvironmentWorks(env);
    }

    private void build(Place place, LocalEnvironment env) {
        switch (place) {
            case SOURCE ->
                env.fromSource(() -> {
                            gate.passUninterruptibly();
                            return Next.<Long>end();
                        })
                        .sink(n -> {});
            case BATCH ->
                env.<Long>fromBatch(() -> {
                            gate.passUninterruptibly();
                            return Next.<Long>end();
                        })
                        .sink(n -> {});
            case MAP -> env.fromRange(0, 10).map(this::hang).sink(n -> {});
            case KEYED ->
                env.fromRange(0, 10).keyBy(n -> n % 2).reduce((a, b) -> hang(a)).sink(n -> {});
            case ASYNC -> env.fromRange(0, 10).mapAsync(4, this::hang).sink(n -> {});
            case SINK -> env.fromRange(0, 10).sink(n -> hang(n));
        }
    }

    private long hang(long n) {
        gate.passUninterruptibly();
        return n;
    }

    @Test
    void operatorThatHeedsTheInterruptIsReleased(LocalEnvironment env) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        env.fromRange(0, 10)
                .map(n -> {
                    gate.open();
                    gate.pass();
                    never.await();
                    return n;
                })
                .collect();
        JobHandle job = env.submit();
        gate.awaitReached();
        job.cancel();
        assertThat(Jobs.end(job).clean()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"INIT", "START", "STOP", "CLEANUP"})
    void serviceThatIgnoresInterruptsInAnyOfItsMethodsIsNamedAndTheOthersAreCleaned(
            LifecycleStep step, LocalEnvironment env, LifecycleProbe probe) throws Exception {
        env.service("other", probe.service("other"));
        env.service("hung", () -> new Hanging(step, gate));
        env.fromRange(0, 10).collect();
        JobResult result = Jobs.end(env.submit(SubmitOptions.autostop()));
        assertThat(result.state()).isEqualTo(JobState.FAILED);
        assertThat(result.reason()).contains("hung");
        assertThat(result.duration()).isLessThan(ALL_PHASES);
        assertThat(result.services().get("hung").cleanupCalled()).isTrue();
        assertThat(result.clean()).isFalse();
        assertThat(result.cleanup().failures())
                .singleElement()
                .satisfies(line -> assertThat(line.toString())
                        .contains("service hung", step.name().toLowerCase(Locale.ROOT)));
        assertThat(probe.life("other")).wasCleanedUpOnce().completedCleanup();
        assertThatTheEnvironmentWorks(env);
    }

    @Test
    void stopThatReturnsWhenItIsInterruptedIsAFailureButLeavesNothingBehind(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        probe.hold("slow", LifecycleStep.STOP);
        env.service("slow", probe.service("slow"));
        env.fromRange(0, 10).collect();
        JobResult result = Jobs.end(env.submit(SubmitOptions.autostop()));
        assertThat(result.state()).isEqualTo(JobState.FAILED);
        assertThat(result.reason()).contains("slow", "stop", "did not return within");
        assertThat(result.clean()).isTrue();
        assertThat(probe.life("slow")).wasCleanedUpOnce().completedCleanup();
    }

    @ParameterizedTest
    @EnumSource(names = {"STOP", "CLEANUP"})
    void servicesThatHangOneAfterTheOtherAreAllBounded(LifecycleStep step, LocalEnvironment env) throws Exception {
        env.service("store", () -> new Hanging(step, gate));
        env.service("index", () -> new Hanging(step, gate)).dependsOn("store");
        env.fromRange(0, 10).collect();
        JobResult result = Jobs.end(env.submit(SubmitOptions.autostop()));
        assertThat(result.state()).isEqualTo(JobState.FAILED);
        assertThat(result.cleanup().failures())
                .extracting(CleanupReport.Line::name)
                .containsExactlyInAnyOrder("store", "index");
        assertThatTheEnvironmentWorks(env);
    }

    @Test
    void callThatHangsInAServiceIsLeftBehindByTheNameOfItsCallerAndTheServiceIsCleaned(
            LocalEnvironment env, LifecycleProbe probe) throws Exception {
        var slow = env.service("slow", probe.watching("slow", () -> new Slow(gate)));
        env.fromRange(0, 10).map(n -> slow.call("work")).name("caller").collect();
        JobHandle job = env.submit();
        gate.awaitReached();
        job.cancel();
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isEqualTo(JobState.CANCELLED);
        assertThat(result.cleanup().failures())
                .extracting(CleanupReport.Line::kind)
                .containsExactly("task");
        assertThat(probe.life("slow")).livedWholly();
        assertThatTheEnvironmentWorks(env);
    }

    /** What user code may throw that is no exception. */
    enum Thrown {
        STACK_OVERFLOW {
            @Override
            long apply(long n) {
                return n < 0 ? n : apply(n + 1) + 1;
            }
        },
        LINKAGE {
            @Override
            long apply(long n) {
                throw new NoClassDefFoundError("com/example/Missing");
            }
        },
        OVERSIZED_ALLOCATION {
            @Override
            long apply(long n) {
                return new long[Integer.MAX_VALUE].length;
            }
        };

        abstract long apply(long n);
    }

    @ParameterizedTest
    @EnumSource
    void errorInAFunctionFailsItsJobWithItAsCauseAndNoThreadIsLost(
            Thrown thrown, LocalEnvironment env, LifecycleProbe probe) throws Exception {
        env.service("index", probe.service("index"));
        env.fromRange(0, 10).map(thrown::apply).name("faulty").collect();
        assertError(env, "faulty");
        env.fromRange(0, 10).mapAsync(2, thrown::apply).name("faulty").collect();
        assertError(env, "faulty");
        env.fromRange(0, 10)
                .keyBy(n -> 0)
                .reduce((a, b) -> thrown.apply(a))
                .name("faulty")
                .collect();
        assertError(env, "faulty");
        assertThat(probe.life("index")).livedWholly();
        assertThatTheEnvironmentWorks(env);
    }

    @ParameterizedTest
    @EnumSource(names = {"INIT", "START", "STOP", "CLEANUP", "CALL"})
    void errorInAServiceFailsItsJobWithItAsCause(LifecycleStep step, LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        Error error = new NoClassDefFoundError("com/example/Missing");
        probe.fail("faulty", step, error);
        var faulty = env.service("faulty", probe.service("faulty"));
        env.service("other", probe.service("other"));
        env.fromRange(0, 10).map(n -> faulty.call("echo", n)).collect();
        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);
        assertThat(thrown.getCause()).isSameAs(error);
        assertThat(probe.life("faulty")).wasCleanedUpOnce();
        assertThat(probe.life("other")).completedCleanup();
        assertThatTheEnvironmentWorks(env);
    }

    private static void assertError(LocalEnvironment env, String operator) {
        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);
        assertThat(thrown.getCause()).isInstanceOf(Error.class);
        assertThat(thrown.result().failure().orElseThrow().name()).isEqualTo(operator);
        assertThat(thrown.result().clean()).isTrue();
    }

    private static void assertThatTheEnvironmentWorks(LocalEnvironment env) throws InterruptedException {
        Results<Long> numbers = env.fromRange(0, 100).map(n -> n).parallelism(2).collect();
        env.run();
        assertThat(numbers).hasSize(100);
    }

    /** Hangs in one of its methods, whatever is done to it. */
    private static final class Hanging implements Service {
        private final LifecycleStep step;
        private final Gate gate;

        Hanging(LifecycleStep step, Gate gate) {
            this.step = step;
            this.gate = gate;
        }

        private void in(LifecycleStep now) {
            if (now == step) {
                gate.passUninterruptibly();
            }
        }

        @Override
        public void init(ServiceContext context) {
            in(LifecycleStep.INIT);
        }

        @Override
        public void start() {
            in(LifecycleStep.START);
        }

        @Override
        public void stop() {
            in(LifecycleStep.STOP);
        }

        @Override
        public void cleanup() {
            in(LifecycleStep.CLEANUP);
        }
    }

    /** Never answers. */
    static final class Slow implements Service {
        private final Gate gate;

        Slow(Gate gate) {
            this.gate = gate;
        }

        public long work() {
            gate.passUninterruptibly();
            return 0;
        }
    }
}
