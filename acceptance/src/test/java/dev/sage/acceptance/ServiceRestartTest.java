package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobEvent;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.RestartPolicy;
import dev.sage.api.Results;
import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceDeclaration;
import dev.sage.api.ServiceException;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleFact;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a service that dies while it runs, and of those who call it. */
@SageTest
class ServiceRestartTest {
    private static final IOException DEATH = new IOException("connection lost");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicInteger made = new AtomicInteger();
    private final Gate restart = Gate.closed("start of the second instance");

    @Test
    void serviceThatDiesFailsItsJobWithItsCauseAndIsStoppedAndCleaned(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        JobHandle job = submit(env, probe, RestartPolicy.never());
        job.service("link", Link.class).die();
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isEqualTo(JobState.FAILED);
        assertThat(result.failure()).get().satisfies(failure -> {
            assertThat(failure.cause()).containsSame(DEATH);
            assertThat(failure.name()).isEqualTo("link");
            assertThat(failure.step()).isEqualTo("run");
        });
        assertThat(probe.life("link")).livedWholly();
        assertThat(made).hasValue(1);
    }

    @Test
    void callsToAServiceThatDiedForGoodFailTypedWithItsCause(LocalEnvironment env, LifecycleProbe probe) {
        ServiceDeclaration<LinkService> link = declare(env, probe, RestartPolicy.never());
        Link proxy = link.as(Link.class);
        env.fromRange(0, 1_000)
                .map(n -> {
                    if (n == 10) {
                        proxy.die();
                    }
                    return proxy.send(n);
                })
                .collect();
        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);
        assertThat(thrown.getCause()).isSameAs(DEATH);
        assertThatThrownBy(() -> proxy.send(1))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.failed"))
                .cause()
                .isSameAs(DEATH);
        assertThat(probe.life("link")).livedWholly();
    }

    @Test
    void restartedServiceServesOnAndNoRecordIsLostAndEachInstanceIsCleanedOnce(
            LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        restart.open();
        Link link = declare(env, probe, RestartPolicy.upTo(3, MINUTE)).as(Link.class);
        Results<Long> sent = env.fromRange(0, 1_000)
                .map(n -> {
                    if (n == 300 || n == 600) {
                        link.die();
                    }
                    return link.send(n);
                })
                .collect();
        assertThat(env.run().clean()).isTrue();
        assertThat(sent)
                .containsExactlyElementsOf(LongStream.range(0, 1_000).boxed().toList());
        assertThat(made).hasValue(3);
        List<LifecycleFact> facts = probe.life("link").facts();
        List<LifecycleFact> one = facts.subList(0, facts.size() / 3);
        assertThat(facts.subList(facts.size() / 3, 2 * facts.size() / 3)).isEqualTo(one);
        assertThat(one).endsWith(LifecycleFact.NOT_RUNNING).contains(LifecycleFact.CLEANUP_COMPLETED);
    }

    @Test
    void restartIsTwoEventsWithItsCauseAndNumbersAndIsCountedInTheReport(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        restart.open();
        JobHandle job = submit(env, probe, RestartPolicy.upTo(2, MINUTE));
        List<JobEvent> heard = new CopyOnWriteArrayList<>();
        job.events(heard::add);
        Link link = job.service("link", Link.class);
        for (long i = 0; i < 2; i++) {
            link.die();
            assertThat(link.send(i)).isEqualTo(i);
        }
        // A stop that comes between the first call that is served and the news of that makes it old news.
        await().until(() -> heard.stream()
                .anyMatch(event -> event instanceof JobEvent.ServiceRestarted again && again.instance() == 3));
        job.stop();
        JobResult result = Jobs.end(job);
        await().until(() -> heard.stream().anyMatch(JobEvent.Ended.class::isInstance));
        assertThat(heard)
                .filteredOn(event -> event instanceof JobEvent.ServiceStarted
                        || event instanceof JobEvent.ServiceRestarting
                        || event instanceof JobEvent.ServiceRestarted
                        || event instanceof JobEvent.ServiceStopped)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("at")
                .containsExactly(
                        new JobEvent.ServiceStarted(Duration.ZERO, "link"),
                        new JobEvent.ServiceRestarting(Duration.ZERO, "link", 1, DEATH, 1, 2),
                        new JobEvent.ServiceRestarted(Duration.ZERO, "link", 2),
                        new JobEvent.ServiceRestarting(Duration.ZERO, "link", 2, DEATH, 2, 2),
                        new JobEvent.ServiceRestarted(Duration.ZERO, "link", 3),
                        new JobEvent.ServiceStopped(Duration.ZERO, "link"));
        assertThat(result.services().get("link").restarts()).isEqualTo(2);
        assertThat(result.laterFailures()).isEmpty();
    }

    @Test
    void callsWaitDuringARestart(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        JobHandle job = submit(env, probe, RestartPolicy.upTo(1, MINUTE));
        Link link = job.service("link", Link.class);
        link.die();
        restart.awaitReached();
        CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> link.send(7));
        assertThat(waiting).isNotDone();
        restart.open();
        assertThat(waiting.join()).isEqualTo(7);
    }

    @Test
    void callThatWaitsLongerThanItsTimeoutForARestartFailsTyped(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        declare(env, probe, RestartPolicy.upTo(1, MINUTE)).callTimeout(Duration.ofMillis(100));
        JobHandle job = idle(env);
        Link link = job.service("link", Link.class);
        link.die();
        restart.awaitReached();
        assertCode(() -> link.send(7), "service.timeout");
        restart.open();
    }

    @Test
    void callsFailDuringARestartWhereThePolicySaysSo(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        JobHandle job = submit(env, probe, RestartPolicy.upTo(1, MINUTE).callsFail());
        Link link = job.service("link", Link.class);
        link.die();
        restart.awaitReached();
        assertCode(() -> link.send(7), "service.restarting");
        restart.open();
    }

    @Test
    void oneDeathMoreThanThePolicyAllowsFailsTheJob(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        restart.open();
        JobHandle job = submit(env, probe, RestartPolicy.upTo(2, MINUTE));
        Link link = job.service("link", Link.class);
        for (int i = 0; i < 3; i++) {
            link.die();
        }
        JobResult result = Jobs.end(job);
        assertThat(result.failure().orElseThrow().cause()).containsSame(DEATH);
        assertThat(made).hasValue(3);
    }

    @Test
    void jobThatIsCancelledDuringARestartCleansEachInstanceOnce(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        JobHandle job = submit(env, probe, RestartPolicy.upTo(1, MINUTE));
        job.service("link", Link.class).die();
        restart.awaitReached();
        job.cancel();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(probe.life("link").facts())
                .filteredOn(fact -> fact == LifecycleFact.CLEANUP_CALLED)
                .hasSize(2);
    }

    @SageTest(settings = "sage.job.start-timeout=2s")
    void restartThatHangsFailsTheJobWhenTheTimeOfAStartIsUp(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        JobHandle job = submit(env, probe, RestartPolicy.upTo(1, MINUTE));
        job.service("link", Link.class).die();
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isEqualTo(JobState.FAILED);
        assertThat(result.reason()).contains("link", "did not run within");
        assertThat(result.clean()).isTrue();
    }

    @Test
    void serviceThatSaysItDiedBeforeItRanFailsItsStart(LocalEnvironment env) {
        env.service("early", () -> new Service() {
            @Override
            public void init(ServiceContext context) {
                Objects.requireNonNull(context).failed(DEATH);
            }
        });
        assertThat(catchThrowableOfType(JobFailedException.class, env::run))
                .cause()
                .isSameAs(DEATH);
    }

    @Test
    void keptServiceIsRestartedToo(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        restart.open();
        declare(env, probe, RestartPolicy.upTo(1, MINUTE));
        env.run(SubmitOptions.autostop().keepServices("link"));
        Link link = env.keptServices().get(0).as(Link.class);
        link.die();
        assertThat(link.send(7)).isEqualTo(7);
        assertThat(made).hasValue(2);
    }

    @Test
    void policyOutOfItsBoundsIsRefused() {
        assertThatThrownBy(() -> RestartPolicy.upTo(-1, MINUTE))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> RestartPolicy.upTo(1, Duration.ZERO))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("PT0S");
    }

    private JobHandle submit(LocalEnvironment env, LifecycleProbe probe, RestartPolicy policy) {
        declare(env, probe, policy);
        return idle(env);
    }

    private static JobHandle idle(LocalEnvironment env) {
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        return job;
    }

    private ServiceDeclaration<LinkService> declare(LocalEnvironment env, LifecycleProbe probe, RestartPolicy policy) {
        return env.service(
                        "link",
                        probe.watching("link", () -> new LinkService(made.incrementAndGet() > 1 ? restart : null)))
                .restart(policy);
    }

    private static void assertCode(ThrowingCallable call, String code) {
        assertThat(catchThrowableOfType(ServiceException.class, call).code()).isEqualTo(code);
    }

    /** What can be called. */
    interface Link {
        long send(long n);

        void die();
    }

    /** Dies when it is told to. */
    static final class LinkService implements Service, Link {
        private final @Nullable Gate gate;
        private volatile @Nullable ServiceContext context;

        LinkService(@Nullable Gate gate) {
            this.gate = gate;
        }

        @Override
        public void init(ServiceContext given) {
            context = given;
        }

        @Override
        public void start() throws Exception {
            if (gate != null) {
                gate.pass();
            }
        }

        @Override
        public long send(long n) {
            return n;
        }

        @Override
        public void die() {
            Objects.requireNonNull(context).failed(DEATH);
        }
    }
}
