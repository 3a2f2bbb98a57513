package dev.sage.runtime.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.OutputListener;
import dev.sage.api.Subscription;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who follows the output of a program hears all of it, or how much is missing. */
class OutputFeedTest {
    private static final int KEPT = 100;

    private final BlockingThreads threads = BlockingThreads.create("feed");
    private final OutputFeed feed = new OutputFeed("output 'it'", KEPT, threads);

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void linesAreToldInTheirOrderAndTheEndAfterThem() throws Exception {
        Heard heard = new Heard();
        feed.follow(heard);
        feed.tell("one");
        feed.tell("two");
        feed.end();
        heard.awaitEnd();
        assertThat(heard.all).containsExactly("one", "two");
    }

    @Test
    void whoComesLateHearsWhatIsKeptAndTheEnd() throws Exception {
        feed.tell("one");
        feed.end();
        Heard heard = new Heard();
        feed.follow(heard);
        heard.awaitEnd();
        assertThat(heard.all).containsExactly("one");
    }

    @Test
    void aHungListenerHoldsNothingUpAndIsToldWhatItMissed() throws Exception {
        CountDownLatch wakes = new CountDownLatch(1);
        Heard heard = new Heard() {
            @Override
            public void line(String line) {
                awaitQuietly(wakes);
                super.line(line);
            }
        };
        feed.follow(heard);
        IntStream.range(0, 1_000).forEach(i -> feed.tell(String.valueOf(i)));
        feed.end();
        wakes.countDown();
        heard.awaitEnd();
        // The end has a place of its own among those that are kept.
        assertThat(heard.all.size()).isBetween(KEPT - 1, KEPT);
        assertThat(heard.all.size() + heard.missed.get()).isEqualTo(1_000);
        assertThat(heard.all).endsWith("999");
    }

    @Test
    void whoHoldsTheProgramUpMissesNothingAndThereIsNoRoomWhileItIsBehind() throws Exception {
        CountDownLatch wakes = new CountDownLatch(1);
        Heard heard = new Heard() {
            @Override
            public void line(String line) {
                awaitQuietly(wakes);
                super.line(line);
            }

            @Override
            public boolean holdsUp() {
                return true;
            }
        };
        feed.tell("early");
        feed.follow(heard);
        assertThat(feed.room()).isDone();
        IntStream.range(0, 1_000).forEach(i -> feed.tell(String.valueOf(i)));
        CompletableFuture<Void> room = feed.room();
        assertThat(room).isNotDone();
        wakes.countDown();
        assertThat(room).succeedsWithin(10, TimeUnit.SECONDS);
        feed.end();
        heard.awaitEnd();
        assertThat(heard.missed).hasValue(0);
        assertThat(heard.all).hasSize(1_001).startsWith("early", "0", "1").endsWith("999");
    }

    @Test
    void whoHoldsTheProgramUpAndHangsHoldsUpNeitherTheEndNorOthersAfterItsClose() {
        CountDownLatch never = new CountDownLatch(1);
        OutputListener hung = new Heard() {
            @Override
            public void line(String line) {
                awaitQuietly(never);
            }

            @Override
            public boolean holdsUp() {
                return true;
            }
        };
        Subscription first = feed.follow(hung);
        IntStream.range(0, 1_000).forEach(i -> feed.tell(String.valueOf(i)));
        CompletableFuture<Void> untilClose = feed.room();
        assertThat(untilClose).isNotDone();
        first.close();
        assertThat(untilClose).isDone();

        feed.follow(hung);
        IntStream.range(0, 1_000).forEach(i -> feed.tell(String.valueOf(i)));
        CompletableFuture<Void> untilEnd = feed.room();
        assertThat(untilEnd).isNotDone();
        feed.end();
        assertThat(untilEnd).isDone();
        assertThat(feed.room()).isDone();
        never.countDown();
    }

    @Test
    void aListenerThatThrowsHearsNoMoreAndOthersAll() throws Exception {
        List<String> once = new CopyOnWriteArrayList<>();
        feed.follow(line -> {
            once.add(line);
            throw new IllegalStateException("no");
        });
        Heard heard = new Heard();
        feed.follow(heard);
        feed.tell("one");
        await().until(() -> !once.isEmpty());
        feed.tell("two");
        feed.end();
        heard.awaitEnd();
        assertThat(heard.all).containsExactly("one", "two");
        assertThat(once).containsExactly("one");
    }

    @Test
    void whatIsToldAfterTheEndIsNotHeard() throws Exception {
        feed.end();
        feed.tell("late");
        Heard heard = new Heard();
        feed.follow(heard);
        heard.awaitEnd();
        assertThat(heard.all).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static class Heard implements OutputListener {
        final List<String> all = new CopyOnWriteArrayList<>();
        private final CountDownLatch end = new CountDownLatch(1);
        final AtomicLong missed = new AtomicLong();

        @Override
        public void line(String line) {
            all.add(line);
        }

        @Override
        public void missed(long lines) {
            missed.addAndGet(lines);
        }

        @Override
        public void ended() {
            end.countDown();
        }

        void awaitEnd() throws InterruptedException {
            assertThat(end.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
