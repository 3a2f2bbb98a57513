package dev.sage.runtime.dataplane;

import dev.sage.api.JobFailure;
import dev.sage.runtime.core.loop.LoopMember;
import dev.sage.runtime.core.loop.LoopProbe;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operators of one task with what is at their ends. Knows the order in which they must be asked: to end, upstream
 * first; to go on amid their output, downstream first, so that none emits to one that has not finished its own.
 */
final class Pipeline {
    private final Flow flow;
    private final Head head;
    private final List<Stage> upstreamFirst;
    private final List<CursorStage> downstreamFirst;
    private final List<Sender> senders;
    private final List<SinkStage> sinks;
    private final LoopMember loop;
    private final List<Sender> loopSenders;
    private int finished;

    Pipeline(
            Flow flow,
            Head head,
            List<Stage> upstreamFirst,
            List<CursorStage> downstreamFirst,
            List<Sender> senders,
            List<SinkStage> sinks,
            LoopMember loop,
            List<Sender> loopSenders) {
        this.flow = flow;
        this.head = head;
        this.upstreamFirst = List.copyOf(upstreamFirst);
        this.downstreamFirst = List.copyOf(downstreamFirst);
        this.senders = List.copyOf(senders);
        this.sinks = List.copyOf(sinks);
        this.loop = loop;
        this.loopSenders = List.copyOf(loopSenders);
    }

    Head head() {
        return head;
    }

    void open() {
        sinks.forEach(SinkStage::open);
        head.open();
    }

    /** Works off what earlier records have left; false when that has to be continued later. */
    boolean drain() {
        if (flow.parked > 0) {
            senders.forEach(Sender::unpark);
        }
        if (flow.parked > 0) {
            return false;
        }
        for (int i = 0; i < downstreamFirst.size() && flow.cursors > 0; i++) {
            CursorStage stage = downstreamFirst.get(i);
            if (stage.isOpen()) {
                stage.resume();
                if (stage.isOpen() || flow.parked > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** After the last record: lets the operators emit what they kept, and sends everything; false as {@link #drain}. */
    boolean finish() {
        while (drain()) {
            if (finished == upstreamFirst.size()) {
                flush();
                return flow.parked == 0;
            }
            upstreamFirst.get(finished++).finish();
        }
        return false;
    }

    /** Sends batches that are not full. */
    void flush() {
        senders.forEach(Sender::flush);
    }

    /** Sends batches that are not full to those who have nothing to do. */
    void flushDrained() {
        senders.forEach(Sender::flushDrained);
    }

    /** After a flush: sends the probe of the loop, behind everything, if that is due; false if not. */
    boolean sendProbe() {
        if (!loop.isDue(flow.parked > 0 || flow.cursors > 0 || head.holdsRecords())) {
            return false;
        }
        LoopProbe probe = loop.send();
        loopSenders.forEach(sender -> sender.probe(probe));
        return true;
    }

    /** Sends the end markers; nothing may be parked. */
    void end(int epoch) {
        senders.forEach(sender -> sender.end(epoch));
    }

    void prepare() {
        sinks.forEach(SinkStage::prepare);
    }

    /** Commits the sinks, or aborts them; after one that fails to commit the others are aborted. The first failure. */
    Optional<JobFailure> closeSinks(boolean commit) {
        OperatorException failure = null;
        for (SinkStage sink : sinks) {
            if (commit && failure == null) {
                failure = failureOf(sink::commit, null);
            }
            failure = failureOf(sink::abort, failure);
        }
        return Optional.ofNullable(failure).map(OperatorException::failure);
    }

    private static @Nullable OperatorException failureOf(Runnable call, @Nullable OperatorException earlier) {
        try {
            call.run();
            return earlier;
        } catch (OperatorException failure) {
            if (earlier == null) {
                return failure;
            }
            earlier.failure()
                    .cause()
                    .ifPresent(cause -> failure.failure().cause().ifPresent(cause::addSuppressed));
            return earlier;
        }
    }
}
