package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskletExecutorTest {
    private TaskletExecutor executor = TaskletExecutor.create("test", Settings.usual());

    @AfterEach
    void end() throws InterruptedException {
        executor.close();
        executor.close();
        assertThat(executor.awaitEnd(PlainJob.LIMIT)).isTrue();
    }

    @Test
    void noWakeUpIsLost() throws InterruptedException {
        int wakers = 4;
        int wakeUps = 50_000;
        AtomicLong asked = new AtomicLong();
        AtomicLong answered = new AtomicLong();
        AtomicInteger inside = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(1);
        Tasklet tasklet = tasklet(() -> {
            assertThat(inside.incrementAndGet()).isEqualTo(1);
            answered.set(asked.get());
            inside.decrementAndGet();
            if (answered.get() == (long) wakers * wakeUps) {
                all.countDown();
            }
            return Tasklet.Turn.IDLE;
        });
        for (int i = 0; i < wakers; i++) {
            new Thread(() -> {
                        for (int j = 0; j < wakeUps; j++) {
                            asked.incrementAndGet();
                            tasklet.wake();
                        }
                    })
                    .start();
        }
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void taskletsHaveTheirTurnsOneAfterTheOther() throws InterruptedException {
        executor.close();
        executor = TaskletExecutor.create("single", Settings.of(1, 1, 1));
        List<Integer> turns = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch ended = new CountDownLatch(3);
        CountDownLatch queued = new CountDownLatch(1);
        List<Tasklet> tasklets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            AtomicInteger left = new AtomicInteger(100);
            tasklets.add(tasklet(() -> {
                awaitQuietly(queued);
                turns.add(number);
                if (left.decrementAndGet() > 0) {
                    return Tasklet.Turn.AGAIN;
                }
                ended.countDown();
                return Tasklet.Turn.DONE;
            }));
        }
        tasklets.forEach(Tasklet::wake);
        queued.countDown();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();

        for (int i = 0; i < 300; i++) {
            assertThat(turns.get(i)).isEqualTo(i % 3);
        }
    }

    @Test
    void aHeldThreadIsReplacedAndLeavesWhenItReturns() throws InterruptedException {
        executor.close();
        executor = TaskletExecutor.create("single", Settings.of(1, 1, 1));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch otherRan = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        Thread[] holder = new Thread[1];
        Tasklet holding = tasklet(() -> {
            holder[0] = Thread.currentThread();
            awaitQuietly(release);
            returned.countDown();
            return Tasklet.Turn.DONE;
        });
        Tasklet other = tasklet(() -> {
            otherRan.countDown();
            return Tasklet.Turn.DONE;
        });
        holding.wake();
        other.wake();

        assertThat(otherRan.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(returned.getCount()).isEqualTo(1);
        assertThat(executor.workers()).hasSize(1);

        release.countDown();
        holder[0].join();
        assertThat(executor.workers()).hasSize(1);
    }

    @Test
    void manyTaskletsShareFewThreads() throws InterruptedException {
        int count = 500;
        CountDownLatch ended = new CountDownLatch(count);
        List<Tasklet> tasklets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int next = (i + 1) % count;
            AtomicInteger left = new AtomicInteger(20);
            tasklets.add(tasklet(() -> {
                tasklets.get(next).wake();
                if (left.decrementAndGet() > 0) {
                    return Tasklet.Turn.AGAIN;
                }
                ended.countDown();
                return Tasklet.Turn.DONE;
            }));
        }
        List.copyOf(tasklets).forEach(Tasklet::wake);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private Tasklet tasklet(Supplier<Tasklet.Turn> turn) {
        return new Tasklet(executor) {
            @Override
            Turn turn() {
                return turn.get();
            }

            @Override
            String holder() {
                return "The test's tasklet";
            }
        };
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
