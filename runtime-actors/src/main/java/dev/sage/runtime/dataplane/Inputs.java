package dev.sage.runtime.dataplane;

import dev.sage.runtime.core.loop.LoopMember;
import dev.sage.runtime.core.loop.LoopProbe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All channels that lead to one task, read a batch from each in turn, so that none has to wait for another. The input
 * has ended when the marker of this epoch has come through every one of them: exactly then, and without a clock. The input
 * of a loop's head ends by its probes.
 */
final class Inputs {
    private static final Object[] NOTHING = {};

    private final Link[] channels;
    private final boolean[] ended;
    private final int epoch;
    private final Flow flow;
    private final LoopMember loop;
    private final @Nullable FeedbackBacklog backlog;
    private int open;
    private int next;
    private int from;
    private Object[] batch = NOTHING;
    private int position;

    Inputs(List<? extends Link> channels, int epoch, Flow flow) {
        this(channels, epoch, flow, LoopMember.none());
    }

    Inputs(List<? extends Link> channels, int epoch, Flow flow, LoopMember loop) {
        this.channels = channels.toArray(Link[]::new);
        this.ended = new boolean[channels.size()];
        this.epoch = epoch;
        this.flow = flow;
        this.loop = loop;
        this.backlog = channels.stream()
                .filter(FeedbackChannel.class::isInstance)
                .map(channel -> ((FeedbackChannel) channel).backlog())
                .findFirst()
                .orElse(null);
        this.open = channels.size();
    }

    /** The next record; null when there is none at the moment, or at all. */
    @Nullable
    Object poll() {
        if (position == batch.length && !nextBatch()) {
            return null;
        }
        Object value = batch[position];
        // What was read is not kept alive by its batch, and a batch that was read to its end is empty.
        batch[position++] = null;
        return value;
    }

    boolean haveEnded() {
        return (open == 0 || loop.hasEnded()) && position == batch.length;
    }

    private boolean nextBatch() {
        giveBack();
        for (int tried = 0; tried < channels.length; tried++) {
            int channel = next;
            next = next + 1 == channels.length ? 0 : next + 1;
            if (!ended[channel] && !isGated(channels[channel]) && nextBatch(channel)) {
                return true;
            }
        }
        return false;
    }

    private boolean nextBatch(int channel) {
        Object element = channels[channel].poll();
        while (element != null && !(element instanceof Object[])) {
            if (element instanceof LoopProbe probe) {
                loop.probeArrived(probe);
            } else if (channels[channel].isEndedBy((EndMarker) element, epoch)) {
                ended[channel] = true;
                open--;
                loop.inputEnded();
                return false;
            }
            element = channels[channel].poll();
        }
        if (element == null) {
            return false;
        }
        batch = (Object[]) element;
        from = channel;
        flow.taken += batch.length;
        loop.tookRecords();
        return true;
    }

    /** The batch was read to its end, its last record worked on. A task that was given up gives nothing back. */
    private void giveBack() {
        Object[] empty = batch;
        batch = NOTHING;
        position = 0;
        if (empty != NOTHING && !flow.isAbandoned()) {
            channels[from].giveBack(empty);
        }
    }

    /** While too much waits in a loop, its head lets in nothing from outside. */
    private boolean isGated(Link channel) {
        return backlog != null && backlog.isHigh() && !(channel instanceof FeedbackChannel);
    }
}
