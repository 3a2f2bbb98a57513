package dev.sage.node.http;

import dev.sage.node.job.Jobs.Following;
import dev.sage.node.job.Jobs.Listener;
import dev.sage.node.job.Jobs.Numbered;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What a fake job tells, to each listener on a thread of its own. */
final class Feed<T> {
    private final List<T> told = new ArrayList<>();
    private final AtomicInteger followed;
    private boolean ended;

    Feed(AtomicInteger followed) {
        this.followed = followed;
    }

    synchronized void tell(T value) {
        told.add(value);
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    Following follow(long after, Listener<T> listener) {
        followed.incrementAndGet();
        Thread thread = new Thread(() -> run(after, listener), "feed");
        thread.setDaemon(true);
        thread.start();
        return new Following() {
            private boolean closed;

            @Override
            public synchronized void close() {
                if (!closed) {
                    closed = true;
                    followed.decrementAndGet();
                    if (Thread.currentThread() != thread) {
                        thread.interrupt();
                    }
                }
            }

            @Override
            public boolean isEnding() {
                synchronized (Feed.this) {
                    return ended;
                }
            }
        };
    }

    private void run(long after, Listener<T> listener) {
        try {
            for (long number = after + 1; awaits(number); number++) {
                listener.next(new Numbered<>(number, told(number)));
            }
            listener.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean awaits(long number) throws InterruptedException {
        while (told.size() < number && !ended) {
            wait();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return told.size() >= number;
    }

    private synchronized T told(long number) {
        return told.get((int) number - 1);
    }
}
