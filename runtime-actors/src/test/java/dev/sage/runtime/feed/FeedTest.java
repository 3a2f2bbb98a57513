package dev.sage.runtime.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.Subscription;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A numbered sequence is heard from any place on, and what is gone shows. */
class FeedTest {
    private final BlockingThreads threads = BlockingThreads.create("feed");
    private final Feed<String> feed = new Feed<>("test", 3, threads);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void followerHearsWhatWasWhatComesAndTheEnd() throws Exception {
        feed.tell("a");
        feed.follow(0, new Recorded());
        expect("1 a");
        feed.tell("b");
        feed.end();
        feed.tell("too late");
        expect("2 b", "end");
        assertThat(feed.all()).containsExactly("a", "b");
        assertThat(feed.size()).isEqualTo(2);
    }

    @Test
    void followerBeginsWhereItLeftOff() throws Exception {
        List.of("a", "b", "c").forEach(feed::tell);
        feed.follow(2, new Recorded());
        expect("3 c");
        feed.end();
        expect("end");
    }

    @Test
    void whatIsGoneIsCounted() throws Exception {
        List.of("a", "b", "c", "d", "e").forEach(feed::tell);
        feed.end();
        feed.follow(1, new Recorded());
        expect("missed 1", "3 c", "4 d", "5 e", "end");
    }

    @Test
    void whoComesAfterTheEndHearsIt() throws Exception {
        feed.tell("a");
        feed.end();
        feed.follow(7, new Recorded());
        expect("end");
    }

    @Test
    void whoFollowsFromNowIsFirstToldHowMuchWasAlsoWhenThatIsNothing() throws Exception {
        Subscription first = feed.followFromNow(new Recorded());
        expect("missed 0");
        first.close();
        List.of("a", "b", "c", "d", "e").forEach(feed::tell);
        feed.followFromNow(new Recorded());
        expect("missed 5");
        feed.tell("f");
        feed.end();
        expect("6 f", "end");
    }

    private void expect(String... expected) throws InterruptedException {
        for (String one : expected) {
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(one);
        }
    }

    private final class Recorded implements Feed.Follower<String> {
        @Override
        public void next(long number, String value) {
            heard.add(number + " " + value);
        }

        @Override
        public void missed(long count) {
            heard.add("missed " + count);
        }

        @Override
        public void end() {
            heard.add("end");
        }
    }
}
