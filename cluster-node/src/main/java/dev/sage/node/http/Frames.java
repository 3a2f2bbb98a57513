package dev.sage.node.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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
        synchronized (this) {
            long deadlineNs = System.nanoTime() + within.toNanos();
            for (long leftNs = within.toNanos(); count == capacity && !isClosed(); ) {
                if (leftNs <= 0) {
                    return false;
                }
                wait(leftNs / 1_000_000, (int) (leftNs % 1_000_000));
                leftNs = deadlineNs - System.nanoTime();
            }
            if (isClosed()) {
                return false;
            }
            waiting = waiting.concat(frame);
            count++;
            reader = readerToWake();
        }
        run(reader);
        return true;
    }

    /** What waits is still read, and then the end. */
    void complete() {
        Runnable reader;
        synchronized (this) {
            complete = true;
            notifyAll();
            reader = readerToWake();
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
        notifyAll();
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
            synchronized (Frames.this) {
                next = take();
                end = complete && next == null;
                if (next == null && !end) {
                    wake = () -> woken.invoke(Done.getInstance());
                }
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
            synchronized (Frames.this) {
                wake = null;
                Frames.this.notifyAll();
            }
        }
    }
}
