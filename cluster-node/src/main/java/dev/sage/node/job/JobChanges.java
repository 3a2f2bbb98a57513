package dev.sage.node.job;

import dev.sage.api.Subscription;
import dev.sage.client.wire.JobChange;
import dev.sage.node.job.Jobs.Following;
import dev.sage.node.job.Jobs.Listener;
import dev.sage.node.job.Jobs.Numbered;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.feed.Feed;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The changes of all jobs, the last so many of which stay for those who come back or are slow. Whoever asks for what is gone,
 * or was told by an earlier node, is told to read the list of jobs anew, and hears what changes from then on. Their numbers
 * grow from one start of the node to the next.
 */
final class JobChanges {
    private final Feed<JobChange> feed;
    private final Ticker ticker;
    private final long first;
    private int followers;
    private @Nullable Runnable stopTicking;

    /** Has the progress of running jobs told again and again, until the answer is run. */
    @FunctionalInterface
    interface Ticker {
        Runnable start();
    }

    /**
     * Nothing has changed yet.
     *
     * @param kept how many stay
     * @param ticker runs only while somebody follows
     */
    JobChanges(int kept, BlockingThreads threads, Clock clock, Ticker ticker) {
        this.first = clock.millis() << 20;
        this.feed = new Feed<>("all jobs", kept, threads);
        this.ticker = ticker;
    }

    void tell(JobChange change) {
        feed.tell(change);
    }

    /** @param after 0 for none: the list is to be read first */
    Following follow(long after, Listener<JobChange> listener) {
        long from = after - first;
        boolean known = after > 0 && from >= 0 && from <= feed.size();
        Follower follower = new Follower(listener, known ? after : first);
        hasFollowed();
        Subscription subscription = known ? feed.follow(from, follower) : feed.followFromNow(follower);
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                subscription.close();
                hasLeft();
            }
        };
    }

    private synchronized void hasFollowed() {
        if (followers++ == 0) {
            stopTicking = ticker.start();
        }
    }

    private synchronized void hasLeft() {
        Runnable stop = stopTicking;
        if (--followers == 0 && stop != null) {
            stopTicking = null;
            stop.run();
        }
    }

    private final class Follower implements Feed.Follower<JobChange> {
        private final Listener<JobChange> listener;
        private long last;

        Follower(Listener<JobChange> listener, long last) {
            this.listener = listener;
            this.last = last;
        }

        @Override
        public void next(long number, JobChange change) {
            last = first + number;
            listener.next(new Numbered<>(last, change));
        }

        @Override
        public void missed(long count) {
            last += count;
            listener.next(new Numbered<>(last, JobChange.RESET));
        }

        @Override
        public void end() {
            listener.end();
        }
    }
}
