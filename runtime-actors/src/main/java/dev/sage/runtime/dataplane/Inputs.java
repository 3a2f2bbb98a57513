package dev.sage.runtime.dataplane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All channels that lead to one task, read a batch from each in turn, so that none has to wait for another. The input
 * has ended when the marker of this epoch has come through every one of them: exactly then, and without a clock.
 */
final class Inputs {
    private static final Object[] NOTHING = {};

    private final Channel[] channels;
    private final boolean[] ended;
    private final int epoch;
    private final Flow flow;
    private int open;
    private int next;
    private Object[] batch = NOTHING;
    private int position;

    Inputs(List<Channel> channels, int epoch, Flow flow) {
        this.channels = channels.toArray(Channel[]::new);
        this.ended = new boolean[channels.size()];
        this.epoch = epoch;
        this.flow = flow;
        this.open = channels.size();
    }

    /** The next record; null when there is none at the moment, or at all. */
    @Nullable
    Object poll() {
        if (position == batch.length && !nextBatch()) {
            return null;
        }
        return batch[position++];
    }

    boolean haveEnded() {
        return open == 0 && position == batch.length;
    }

    private boolean nextBatch() {
        batch = NOTHING;
        position = 0;
        for (int tried = 0; tried < channels.length; tried++) {
            int channel = next;
            next = next + 1 == channels.length ? 0 : next + 1;
            if (!ended[channel] && nextBatch(channel)) {
                return true;
            }
        }
        return false;
    }

    private boolean nextBatch(int channel) {
        Object element = channels[channel].poll();
        while (element instanceof EndMarker marker) {
            if (channels[channel].isEndedBy(marker, epoch)) {
                ended[channel] = true;
                open--;
                return false;
            }
            element = channels[channel].poll();
        }
        if (element == null) {
            return false;
        }
        batch = (Object[]) element;
        flow.taken += batch.length;
        return true;
    }
}
