package dev.sage.ray.gateway;

import dev.sage.ray.wire.Bundle;
import dev.sage.ray.wire.EnvelopeException;
import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.Frame;
import dev.sage.ray.wire.Message;
import io.ray.api.ObjectRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one actor, in their order. Two calls of Ray are under way, and what comes meanwhile waits and goes in one, a
 * bundle: for Ray a call costs tens of times what a small one takes the actor. An answer that would wait for a slow call of
 * its bundle comes over the actor's {@link Lifelines connection}, and so does the word that a bundle is slow, for which
 * others do not wait then. Without that connection, and for a while after calls were slow to an actor that runs one at a
 * time, each goes by itself, at once.
 */
final class Calls implements Lifelines.Listener {
    private static final int UNDER_WAY = 2;
    /** Ray hands on so much without its object store. */
    private static final int MOST_BYTES = 64 * 1024;
    /** Calls that go by themselves after a slow one. */
    private static final int ALONE = 64;

    private final String actor;
    private final Lane lane;
    private final int most;
    private final boolean wide;
    private final BooleanSupplier connected;
    private final Function<byte[], ObjectRef<byte[]>> invoke;
    private final Consumer<List<Frame>> answers;

    private final Deque<Call> waiting = new ArrayDeque<>();
    private final Map<Long, SentCalls> unanswered = new HashMap<>();
    private long lastBundle;
    private long lostConnections;
    private int underWay;
    private int alone;
    private boolean flushed;

    /**
     * @param most calls that go together
     * @param wide whether the actor runs several at once
     * @param connected whether the actor can tell answers before those of a whole bundle
     * @param answers is told of answers, with the numbers of their calls, in the order in which they come
     */
    Calls(
            String actor,
            Lane lane,
            int most,
            boolean wide,
            BooleanSupplier connected,
            Function<byte[], ObjectRef<byte[]>> invoke,
            Consumer<List<Frame>> answers) {
        this.actor = actor;
        this.lane = lane;
        this.most = most;
        this.wide = wide;
        this.connected = connected;
        this.invoke = invoke;
        this.answers = answers;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Call(long request, byte[] body) {}

    /** Returns at once. */
    synchronized void add(long request, byte[] body) {
        waiting.add(new Call(request, body));
        send();
    }

    /** Hands all that wait to Ray, and from now on what comes. */
    synchronized void flush() {
        flushed = true;
        send();
    }

    boolean isFull() {
        return lane.isFull();
    }

    private void send() {
        while (!waiting.isEmpty()) {
            boolean together = most > 1 && alone == 0 && !flushed && connected.getAsBoolean();
            if (together && underWay >= UNDER_WAY) {
                return;
            }
            List<Call> calls = together ? bundle() : List.of(waiting.remove());
            // An actor that runs several tells that they are slow, also of one.
            send(calls, together && (wide || calls.size() > 1));
        }
    }

    private List<Call> bundle() {
        List<Call> calls = new ArrayList<>();
        int bytes = 0;
        while (!waiting.isEmpty()
                && calls.size() < most
                && (calls.isEmpty() || bytes + waiting.element().body().length <= MOST_BYTES)) {
            Call next = waiting.remove();
            bytes += next.body().length;
            calls.add(next);
        }
        return calls;
    }

    private void send(List<Call> calls, boolean together) {
        long number = ++lastBundle;
        long connection = lostConnections;
        SentCalls sent = new SentCalls(calls.stream().map(Call::request).toList());
        alone = Math.max(0, alone - calls.size());
        try {
            ObjectRef<byte[]> answer = invoke.apply(
                    together
                            ? new Bundle(number, calls.stream().map(Call::body).toList()).written()
                            : calls.get(0).body());
            unanswered.put(number, sent);
            underWay++;
            lane.add(answer, what -> answered(number, connection, sent, what));
        } catch (RuntimeException e) {
            answers.accept(sent.told(new Message.Failed(RayErrors.failure(actor, e))));
        }
    }

    private synchronized void answered(long number, long connection, SentCalls sent, Message.Answer answer) {
        underWay -= sent.isWaitedFor() ? 1 : 0;
        sent.end();
        send();
        if (answer instanceof Message.Done done && Bundle.is(done.reply())) {
            told(sent, done.reply(), connection == lostConnections);
        } else {
            answers.accept(sent.told(answer));
        }
        if (sent.isAnswered()) {
            unanswered.remove(number);
        }
    }

    /** @param more whether others may have been told, or be on their way */
    private void told(SentCalls sent, byte[] bytes, boolean more) {
        try {
            List<byte @Nullable []> replies = Bundle.answers(bytes);
            answers.accept(sent.told(replies));
            if (!more || replies.size() != sent.size()) {
                answers.accept(sent.told(unheard()));
            }
        } catch (EnvelopeException e) {
            Failure unread = Failure.of(Kind.RAY, "The actor's answer cannot be read: " + e.getMessage());
            answers.accept(sent.told(new Message.Failed(unread)));
        }
    }

    @Override
    public synchronized void told(long bundle, int index, byte[] answer) {
        SentCalls sent = unanswered.get(bundle);
        if (sent == null) {
            return;
        }
        if (sent.isWaitedFor()) {
            sent.slow();
            underWay--;
        }
        alone = wide ? 0 : ALONE;
        send();
        answers.accept(sent.told(index, answer));
        if (sent.hasEnded() && sent.isAnswered()) {
            unanswered.remove(bundle);
        }
    }

    /** Nothing more comes of what was said to be told; what Ray has not answered yet, it will. */
    @Override
    public synchronized void lost() {
        lostConnections++;
        unanswered.values().removeIf(sent -> {
            if (sent.hasEnded()) {
                answers.accept(sent.told(unheard()));
            }
            return sent.hasEnded();
        });
        send();
    }

    private Message.Failed unheard() {
        return new Message.Failed(Failure.of(
                Kind.RAY,
                "Ray actor " + actor
                        + ": it carried out the call, and its connection broke before the answer was here."));
    }
}
