package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobEvent;
import dev.sage.api.JobHandle;
import dev.sage.api.JobProgress;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.SubmitOptions;
import dev.sage.api.Subscription;
import dev.sage.testkit.ExpectedLog;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.SageTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a job tells those who listen. */
@SageTest
class JobEventsTest {
    private final List<JobEvent> heard = new CopyOnWriteArrayList<>();

    @Test
    void eventsTellTheLifeOfAJobInOrder(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        env.service("index", probe.service("index"));
        env.fromRange(0, 10).name("numbers").sink(n -> {});
        JobHandle job = env.submit(SubmitOptions.autostop());
        job.events(heard::add);
        JobResult result = job.awaitClean();
        awaitEnded(heard);

        assertThat(states(heard))
                .containsExactly(
                        JobState.STARTING, JobState.RUNNING, JobState.STOPPING, JobState.CLEANING, JobState.COMPLETED);
        assertThat(heard).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
        assertThat(heard)
                .extracting(event -> event.getClass().getSimpleName())
                .containsSubsequence(
                        "ServiceStarted",
                        "TaskStarted",
                        "TaskEnded",
                        "CleanedUp",
                        "ServiceStopped",
                        "CleanedUp",
                        "Ended");
        assertThat(heard)
                .last()
                .isInstanceOfSatisfying(
                        JobEvent.Ended.class,
                        ended -> assertThat(ended.result()).isEqualTo(result));
        List<Object> lines = new ArrayList<>();
        heard.forEach(event -> {
            if (event instanceof JobEvent.CleanedUp cleaned) {
                lines.add(cleaned.line());
            }
        });
        assertThat(lines).isEqualTo(result.cleanup().lines());
    }

    @Test
    void listenersThatComeLateHearWhatHappenedBefore(LocalEnvironment env) throws InterruptedException {
        env.fromRange(0, 10).collect();
        JobHandle job = env.submit(SubmitOptions.autostop());
        job.events(heard::add);
        job.awaitClean();
        awaitEnded(heard);

        List<JobEvent> late = new CopyOnWriteArrayList<>();
        job.events(late::add);
        awaitEnded(late);
        assertThat(late).isEqualTo(heard);

        env.close();
        List<JobEvent> afterwards = new ArrayList<>();
        job.events(afterwards::add);
        assertThat(afterwards).isEqualTo(heard);
    }

    @Test
    void failureIsAnEventThatSaysWhoseItWas(LocalEnvironment env) throws InterruptedException {
        env.fromRange(0, 10).map(n -> 1 / (n - 3)).name("divide").sink(n -> {});
        JobHandle job = env.submit(SubmitOptions.autostop());
        job.events(heard::add);
        JobResult result = Jobs.end(job);
        awaitEnded(heard);
        assertThat(heard).anySatisfy(event -> {
            assertThat(event).isInstanceOf(JobEvent.Failed.class);
            JobEvent.Failed failed = (JobEvent.Failed) event;
            assertThat(failed.failure()).isEqualTo(result.failure().orElseThrow());
            assertThat(failed.decisive()).isTrue();
        });
        assertThat(states(heard)).last().isEqualTo(JobState.FAILED);
    }

    @SageTest(settings = "sage.job.event-history=2")
    void slowListenerHoldsNothingUpAndHearsHowManyItMissed(LocalEnvironment env) throws InterruptedException {
        try (Gate gate = Gate.closed("first event")) {
            env.fromRange(0, 10).parallelism(4).sink(n -> {});
            JobHandle job = env.submit(SubmitOptions.autostop());
            job.events(event -> {
                gate.passUninterruptibly();
                heard.add(event);
            });
            gate.awaitReached();
            assertThat(Jobs.end(job).state()).isEqualTo(JobState.COMPLETED);
            assertThat(heard).isEmpty();
            gate.open();
            awaitEnded(heard);
        }
        assertThat(heard).hasAtLeastOneElementOfType(JobEvent.Missed.class);
        assertThat(heard).last().isInstanceOf(JobEvent.Ended.class);
        assertThat(heard).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    @ExpectedLog("threw, and hears no more of it")
    void listenerThatThrowsHurtsNobodyElse(LocalEnvironment env) throws InterruptedException {
        List<JobEvent> thrower = new CopyOnWriteArrayList<>();
        env.fromRange(0, 10).sink(n -> {});
        JobHandle job = env.submit(SubmitOptions.autostop());
        job.events(event -> {
            thrower.add(event);
            throw new IllegalStateException("listener");
        });
        job.events(heard::add);
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.COMPLETED);
        awaitEnded(heard);
        await().until(() -> !thrower.isEmpty());
        assertThat(thrower).hasSize(1);
    }

    @Test
    void anyNumberMayWaitAndListen(LocalEnvironment env) throws Exception {
        try (Gate gate = Gate.closed("record")) {
            env.fromRange(0, 1).sink(n -> gate.pass());
            JobHandle job = env.submit(SubmitOptions.autostop());
            List<CompletableFuture<JobResult>> waiters = new ArrayList<>();
            List<List<JobEvent>> listeners = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiters.add(job.result().toCompletableFuture());
                waiters.add(CompletableFuture.supplyAsync(() -> ended(job)));
                List<JobEvent> events = new CopyOnWriteArrayList<>();
                listeners.add(events);
                job.events(events::add);
            }
            gate.open();
            JobResult result = job.awaitClean();
            for (CompletableFuture<JobResult> waiter : waiters) {
                assertThat(waiter.get(20, TimeUnit.SECONDS)).isEqualTo(result);
            }
            for (List<JobEvent> events : listeners) {
                awaitEnded(events);
                assertThat(events).isEqualTo(listeners.get(0));
            }
        }
    }

    @SageTest(settings = "sage.job.progress-interval=10ms")
    void progressIsToldWhileTheJobRunsAndOnceMoreAtItsEnd(LocalEnvironment env) throws InterruptedException {
        List<JobProgress> seen = new CopyOnWriteArrayList<>();
        env.fromSource(Jobs.endless()).sink(n -> {});
        JobHandle job = env.submit();
        Subscription closed = job.progress(progress -> {});
        job.progress(seen::add);
        closed.close();
        await().until(() -> seen.size() > 5);
        await().until(() -> recordsIn(seen.get(seen.size() - 1)) > 100);
        job.stop();
        JobResult result = Jobs.end(job);
        await().until(() -> seen.get(seen.size() - 1).state() == JobState.STOPPED);
        assertThat(seen.get(seen.size() - 1).tasks()).isEqualTo(result.tasks());
        assertThat(seen).extracting(JobEventsTest::recordsIn).isSorted();
    }

    private static long recordsIn(JobProgress progress) {
        return progress.tasks().stream().mapToLong(task -> task.recordsIn()).sum();
    }

    private static JobResult ended(JobHandle job) {
        try {
            return job.awaitClean();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitEnded(List<JobEvent> events) {
        await().until(() -> !events.isEmpty() && events.get(events.size() - 1) instanceof JobEvent.Ended);
    }

    private static List<JobState> states(List<JobEvent> events) {
        List<JobState> states = new ArrayList<>();
        events.forEach(event -> {
            if (event instanceof JobEvent.StateChanged changed) {
                states.add(changed.to());
            }
        });
        return states;
    }
}
