package dev.sage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Next;
import dev.sage.api.Results;
import dev.sage.api.Service;
import dev.sage.api.SubmitOptions;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user's test gets from {@link SageTest}, seen from outside. */
class SageTestTest {
    private static volatile @Nullable AutoCloseable leftBehind;
    private static volatile @Nullable JobHandle job;

    @AfterEach
    void endWhatWasLeftBehind() throws Exception {
        AutoCloseable left = leftBehind;
        if (left != null) {
            left.close();
        }
        leftBehind = null;
    }

    @Test
    void pipelineRunsInTheGivenEnvironment() {
        InnerRun.assertPasses(Users.class, "pipeline");
    }

    @Test
    void parametersOfOneTestAreTheSameEnvironment() {
        InnerRun.assertPasses(Users.class, "twoParameters");
    }

    @Test
    void annotationOnTheClassAppliesToParameterizedTests() {
        assertThat(InnerRun.runAll(WholeClass.class)).isEqualTo(2);
    }

    @Test
    void liveJobIsCancelledAndCleanedAfterTheTest() {
        InnerRun.assertPasses(Users.class, "jobLeftRunning");
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void gateThatWasLeftClosedDoesNotDelayTheEnd() {
        InnerRun.assertPasses(Users.class, "gateLeftClosed");
    }

    @Test
    void threadThatAServiceForgotFailsTheTest() {
        assertThat(InnerRun.failure(Users.class, "forgetfulService")).contains("thread 'forgotten-by-service'");
    }

    @Test
    void environmentThatWasNotClosedFailsTheTest() {
        assertThat(InnerRun.failure(Users.class, "ownEnvironment")).contains("actor system");
    }

    @Test
    void settingIsHandedToTheEnvironment() {
        assertThat(InnerRun.failure(Users.class, "wrongSetting")).contains("sage.exchange.batch-records");
    }

    @Test
    void settingWithoutAValueIsExplained() {
        assertThat(InnerRun.failure(Users.class, "malformedSetting"))
                .contains("The setting 'sage.exchange.batch-records' of @SageTest is not of the form key=value");
    }

    /** The inner tests, as a user would write them. */
    static class Users {
        @SageTest(settings = "sage.exchange.batch-records=1")
        void pipeline(LocalEnvironment env) throws InterruptedException {
            Results<Long> doubled = env.fromRange(0, 3).map(n -> n * 2).collect();
            env.run();
            assertThat(doubled).containsExactly(0L, 2L, 4L);
        }

        @SageTest
        void twoParameters(LocalEnvironment first, LocalEnvironment second) {
            assertThat(first).isSameAs(second);
        }

        @SageTest
        void jobLeftRunning(LocalEnvironment env) {
            env.fromSource(() -> Next.nothingFor(Duration.ofMillis(1))).print();
            JobHandle submitted = env.submit();
            job = submitted;
            Awaitility.await().until(() -> submitted.state() == JobState.RUNNING);
        }

        @SageTest
        void gateLeftClosed(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
            env.service("slow", probe.service("slow"));
            Gate gate = probe.hold("slow", LifecycleStep.START);
            env.submit(SubmitOptions.autostop());
            gate.awaitReached();
        }

        @SageTest
        void forgetfulService(LocalEnvironment env, LeakCheck leaks) throws InterruptedException {
            leaks.within(Duration.ofMillis(300));
            env.service("forgetful", Forgetful::new);
            env.run();
        }

        @SageTest
        void ownEnvironment(LeakCheck leaks) {
            leaks.within(Duration.ofMillis(300));
            leftBehind = LocalEnvironment.create("own");
        }

        @SageTest(settings = "sage.exchange.batch-records=none")
        void wrongSetting(LocalEnvironment env) {}

        @SageTest(settings = "sage.exchange.batch-records")
        void malformedSetting(LocalEnvironment env) {}
    }

    @SageTest
    static class WholeClass {
        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void runs(int parallelism, LocalEnvironment env) throws InterruptedException {
            Results<Long> numbers =
                    env.fromRange(0, 10).parallelism(parallelism).collect();
            env.run();
            assertThat(numbers.list()).hasSize(10);
        }
    }

    /** Starts a thread that it never ends. */
    static final class Forgetful implements Service {
        @Override
        public void start() {
            Thread thread = new Thread(
                    () -> {
                        while (!Thread.interrupted()) {
                            LockSupport.park();
                        }
                    },
                    "forgotten-by-service");
            thread.start();
            leftBehind = () -> {
                thread.interrupt();
                thread.join();
            };
        }
    }
}
