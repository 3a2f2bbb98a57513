package dev.sage.ray.gateway;

import dev.sage.ray.wire.Frame;
import dev.sage.ray.wire.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls that went to an actor in one call of Ray, each of which is answered once. Not for several threads. */
final class SentCalls {
    private static final long ANSWERED = -1;

    /** Their numbers; {@link #ANSWERED} where there is nothing more to tell. */
    private final long[] requests;

    private boolean slow;
    private boolean ended;

    SentCalls(List<Long> requests) {
        this.requests = requests.stream().mapToLong(Long::longValue).toArray();
    }

    int size() {
        return requests.length;
    }

    /** Whether others wait for the end of these. */
    boolean isWaitedFor() {
        return !slow && !ended;
    }

    void slow() {
        slow = true;
    }

    /** Ray has answered; what was told before may still be on its way. */
    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isAnswered() {
        for (long request : requests) {
            if (request != ANSWERED) {
                return false;
            }
        }
        return true;
    }

    /** What is to be said when an answer to one has come; nothing when there was one. */
    List<Frame> told(int index, byte[] answer) {
        return index >= 0 && index < requests.length && requests[index] != ANSWERED
                ? List.of(said(index, new Message.Done(answer)))
                : List.of();
    }

    /** The same of those that came together, but for those that were told before. */
    List<Frame> told(List<byte @Nullable []> answers) {
        List<Frame> frames = new ArrayList<>();
        for (int index = 0; index < Math.min(requests.length, answers.size()); index++) {
            byte[] answer = answers.get(index);
            if (answer != null) {
                frames.addAll(told(index, answer));
            }
        }
        return frames;
    }

    /** The same to all that have no answer. */
    List<Frame> told(Message.Answer answer) {
        List<Frame> frames = new ArrayList<>();
        for (int index = 0; index < requests.length; index++) {
            if (requests[index] != ANSWERED) {
                frames.add(said(index, answer));
            }
        }
        return frames;
    }

    private Frame said(int index, Message.Answer answer) {
        Frame frame = new Frame(requests[index], answer);
        requests[index] = ANSWERED;
        return frame;
    }
}
