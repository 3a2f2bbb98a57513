package dev.sage.node.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one reader. It takes all there is at once: a job tells most of what it has to tell within a moment, and each
 * piece that goes through the server and the network on its own costs more than what it says. Whoever offers waits only for
 * room, not for the reader.
 */
final class Frames extends GraphStage<SourceShape<ByteString>> {
    private final Outlet<ByteString> out = Outlet.create("Frames.out");
    private final SourceShape<ByteString> shape = SourceShape.of(out);
    private final int capacity;
    private final CompletableFuture<Done> over = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private ByteString waiting = ByteString.emptyByteString();
    private int count;
    private boolean complete;
    /** Set while the reader waits. */
    private @Nullable Runnable wake;

    /** For one reader, who need not be there yet. */
    Frames(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public SourceShape<ByteString> shape() {
        return shape;
    }

    /** Completed when nothing will be read any more. */
    CompletableFuture<Done> over() {
        return over;
    }

    /** Blocks while all room is taken. False when that was too long, or nothing will be read any more. */
    boolean offer(ByteString frame, Duration within) throws InterruptedException {
        Runnable reader;
        lock.lockInterruptibly();
        try {
            long leftNs = within.toNanos();
            while (count == capacity && !isClosed()) {
                if (leftNs <= 0) {
                    return false;
                }
                leftNs = room.awaitNanos(leftNs);
            }
            if (isClosed()) {
                return false;
            }
            waiting = waiting.concat(frame);
            count++;
            reader = readerToWake();
        } finally {
            lock.unlock();
        }
        run(reader);
        return true;
    }

    /** What waits is still read, and then the end. */
    void complete() {
        Runnable reader;
        lock.lock();
        try {
            complete = true;
            room.signalAll();
            reader = readerToWake();
        } finally {
            lock.unlock();
        }
        run(reader);
    }

    private boolean isClosed() {
        return complete || over.isDone();
    }

    private @Nullable Runnable readerToWake() {
        Runnable reader = wake;
        wake = null;
        return reader;
    }

    private static void run(@Nullable Runnable reader) {
        if (reader != null) {
            reader.run();
        }
    }

    /** All that waits; null when there is nothing. */
    private @Nullable ByteString take() {
        if (count == 0) {
            return null;
        }
        ByteString taken = waiting;
        waiting = ByteString.emptyByteString();
        count = 0;
        room.signalAll();
        return taken;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        private final AsyncCallback<Done> woken = createAsyncCallback(done -> tryPush());

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    tryPush();
                }
            });
        }

        private void tryPush() {
            ByteString next;
            boolean end;
            lock.lock();
            try {
                next = take();
                end = complete && next == null;
                if (next == null && !end) {
                    wake = () -> woken.invoke(Done.getInstance());
                }
            } finally {
                lock.unlock();
            }
            if (next != null) {
                push(out, next);
            } else if (end) {
                completeStage();
            }
        }

        @Override
        public void postStop() {
            over.complete(Done.getInstance());
            lock.lock();
            try {
                wake = null;
                room.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
