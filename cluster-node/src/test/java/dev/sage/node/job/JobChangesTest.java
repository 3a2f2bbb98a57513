package dev.sage.node.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.client.wire.JobChange;
import dev.sage.client.wire.JobWork;
import dev.sage.node.job.Jobs.Following;
import dev.sage.node.job.Jobs.Listener;
import dev.sage.node.job.Jobs.Numbered;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever follows all jobs hears each change, or that some are gone; and only few are kept. */
class JobChangesTest {
    private static final int KEPT = 3;

    private final BlockingThreads threads = BlockingThreads.create("changes");
    private final AtomicInteger ticking = new AtomicInteger();
    private final JobChanges changes = new JobChanges(KEPT, threads, Clock.systemUTC(), () -> {
        ticking.incrementAndGet();
        return ticking::decrementAndGet;
    });
    private final BlockingQueue<Numbered<JobChange>> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void whoeverBeginsIsFirstToldToReadTheList() throws Exception {
        changes.tell(change(1));
        changes.follow(0, new Recorded());

        assertThat(next().value()).isEqualTo(JobChange.RESET);
        changes.tell(change(2));
        assertThat(next().value()).isEqualTo(change(2));
    }

    @Test
    void whoeverResumesHearsWhatCameMeanwhile() throws Exception {
        Following first = changes.follow(0, new Recorded());
        long reset = next().number();
        first.close();
        changes.tell(change(1));
        changes.tell(change(2));

        changes.follow(reset, new Recorded());
        Numbered<JobChange> one = next();
        assertThat(one).isEqualTo(new Numbered<>(reset + 1, change(1)));
        assertThat(next()).isEqualTo(new Numbered<>(reset + 2, change(2)));

        changes.follow(one.number(), new Recorded());
        assertThat(next()).isEqualTo(new Numbered<>(reset + 2, change(2)));
    }

    @Test
    void whoeverComesBackTooLateIsToldToReadTheListAgain() throws Exception {
        Following first = changes.follow(0, new Recorded());
        long reset = next().number();
        first.close();
        for (int i = 1; i <= 2 * KEPT; i++) {
            changes.tell(change(i));
        }

        changes.follow(reset, new Recorded());
        assertThat(next()).isEqualTo(new Numbered<>(reset + KEPT, JobChange.RESET));
        assertThat(next()).isEqualTo(new Numbered<>(reset + KEPT + 1, change(KEPT + 1)));
    }

    @Test
    void numbersOfAnotherStartOfTheNodeMeanNothingHere() throws Exception {
        changes.tell(change(1));

        for (long other : new long[] {1, Long.MAX_VALUE - 1}) {
            changes.follow(other, new Recorded());
            assertThat(next().value()).isEqualTo(JobChange.RESET);
        }
    }

    @Test
    void whoeverIsSlowDelaysNobodyAndMissesWhatIsGone() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        BlockingQueue<Numbered<JobChange>> slowly = new LinkedBlockingQueue<>();
        changes.follow(0, new Listener<>() {
            @Override
            public void next(Numbered<JobChange> value) {
                slowly.add(value);
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void end() {}
        });
        assertThat(slowly.poll(20, TimeUnit.SECONDS)).isNotNull();
        changes.follow(0, new Recorded());
        next();
        for (int i = 1; i <= 2 * KEPT; i++) {
            changes.tell(change(i));
            assertThat(next().value()).isEqualTo(change(i));
        }

        goOn.countDown();
        assertThat(slowly.poll(20, TimeUnit.SECONDS).value()).isEqualTo(JobChange.RESET);
        assertThat(slowly.poll(20, TimeUnit.SECONDS).value()).isEqualTo(change(KEPT + 1));
    }

    @Test
    void progressIsAskedForOnlyWhileSomebodyFollows() throws Exception {
        Following first = changes.follow(0, new Recorded());
        Following second = changes.follow(0, new Recorded());
        assertThat(ticking).hasValue(1);
        first.close();
        first.close();
        assertThat(ticking).hasValue(1);
        second.close();
        assertThat(ticking).hasValue(0);
        changes.follow(0, new Recorded());
        assertThat(ticking).hasValue(1);
    }

    private static JobChange change(int number) {
        return new JobChange(null, new JobWork(number, 0, 0));
    }

    private Numbered<JobChange> next() throws InterruptedException {
        Numbered<JobChange> next = heard.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("the next change").isNotNull();
        return next;
    }

    private final class Recorded implements Listener<JobChange> {
        @Override
        public void next(Numbered<JobChange> value) {
            heard.add(value);
        }

        @Override
        public void end() {
            throw new IllegalStateException("There is always another change.");
        }
    }
}
