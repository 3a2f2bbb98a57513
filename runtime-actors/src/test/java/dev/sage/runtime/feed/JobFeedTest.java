package dev.sage.runtime.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobEvent;
import dev.sage.api.JobProgress;
import dev.sage.api.JobState;
import dev.sage.api.Subscription;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the feed promises to listeners, and what to those who tell it. */
class JobFeedTest {
    private final BlockingThreads threads = BlockingThreads.create("feed");
    private final List<JobEvent> heard = new CopyOnWriteArrayList<>();
    private final List<JobProgress> seen = new CopyOnWriteArrayList<>();
    private volatile JobState state = JobState.RUNNING;
    private Runnable tick = () -> {};
    private int tickers;
    private final JobFeed feed =
            new JobFeed("job-1", 100, threads, () -> new JobProgress(state, List.of()), this::startTicker);

    @AfterEach
    void endThreads() throws InterruptedException {
        threads.close();
        assertThat(threads.awaitEnd(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void tellerNeverWaitsForAListener() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch hold = new CountDownLatch(1);
        feed.events(event -> {
            entered.countDown();
            awaitUninterruptibly(hold);
            heard.add(event);
        });
        feed.tell(event(0));
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        for (int n = 1; n < 1_000; n++) {
            feed.tell(event(n));
        }
        assertThat(heard).isEmpty();
        hold.countDown();
        await().until(() -> heard.contains(event(999)));
        assertThat(heard).hasSize(1 + 1 + 100).startsWith(event(0), new JobEvent.Missed(Duration.ofMillis(900), 899));
    }

    @Test
    void closedSubscriptionHearsNoMore() {
        Subscription subscription = feed.events(heard::add);
        feed.tell(event(1));
        await().until(() -> heard.size() == 1);
        subscription.close();
        subscription.close();
        feed.tell(event(2));
        List<JobEvent> others = new CopyOnWriteArrayList<>();
        feed.events(others::add);
        await().until(() -> others.size() == 2);
        assertThat(heard).containsExactly(event(1));
    }

    @Test
    void progressTicksOnlyWhileSomebodyListens() {
        assertThat(tickers).isZero();
        Subscription one = feed.progress(seen::add);
        Subscription two = feed.progress(progress -> {});
        assertThat(tickers).isEqualTo(1);
        one.close();
        assertThat(tickers).isEqualTo(1);
        two.close();
        assertThat(tickers).isZero();
        feed.progress(seen::add);
        assertThat(tickers).isEqualTo(1);
        feed.end();
        assertThat(tickers).isZero();
        feed.progress(seen::add);
        assertThat(tickers).isZero();
    }

    @Test
    void slowListenerGetsTheNewestProgressAndAlwaysTheLast() {
        CountDownLatch hold = new CountDownLatch(1);
        feed.progress(progress -> {
            awaitUninterruptibly(hold);
            seen.add(progress);
        });
        for (int n = 0; n < 50; n++) {
            tick.run();
        }
        state = JobState.COMPLETED;
        feed.end();
        hold.countDown();
        await().until(() -> !seen.isEmpty() && seen.get(seen.size() - 1).state() == JobState.COMPLETED);
        assertThat(seen).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void afterTheThreadsHaveEndedTheCallerIsToldOnItsOwn() {
        feed.tell(event(1));
        state = JobState.COMPLETED;
        feed.end();
        threads.close();
        feed.events(heard::add);
        feed.progress(seen::add);
        assertThat(heard).containsExactly(event(1));
        assertThat(seen).extracting(JobProgress::state).containsExactly(JobState.COMPLETED);
    }

    private Runnable startTicker(Runnable newTick) {
        tick = newTick;
        tickers++;
        return () -> tickers--;
    }

    private static JobEvent event(int n) {
        return new JobEvent.TaskStarted(Duration.ofMillis(n), "task-" + n);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
