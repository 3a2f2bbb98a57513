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
 * The calls of one actor, in their order. To one that runs one at a time, two calls of Ray are under way, and what comes
 * meanwhile waits and goes in one: for Ray a call costs tens of times what a small one takes the actor. An answer that would
 * wait for a slow call behind it comes over the actor's {@link Lifelines connection}; without that, and for a while after
 * calls were slow, each goes by itself, at once.
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
    private final BooleanSupplier connected;
    private final Function<byte[], ObjectRef<byte[]>> invoke;
    private final Consumer<List<Frame>> answers;

    private final Deque<Call> waiting = new ArrayDeque<>();
    private final Map<Long, Sent> unanswered = new HashMap<>();
    private long lastBundle;
    private long lostConnections;
    private int underWay;
    private int alone;
    private boolean flushed;

    /**
     * @param most calls that go together; 1 for an actor that runs several at once
     * @param connected whether the actor can tell answers before those of a whole bundle
     * @param answers is told of answers, with the numbers of their calls, in the order in which they come
     */
    Calls(
            String actor,
            Lane lane,
            int most,
            BooleanSupplier connected,
            Function<byte[], ObjectRef<byte[]>> invoke,
            Consumer<List<Frame>> answers) {
        this.actor = actor;
        this.lane = lane;
        this.most = most;
        this.connected = connected;
        this.invoke = invoke;
        this.answers = answers;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Call(long number, byte[] body) {}

    /** What went in one call of Ray; a call is taken out when it is answered. */
    private static final class Sent {
        final long lostConnections;
        final @Nullable Call[] open;
        boolean ended;

        Sent(List<Call> calls, long lostConnections) {
            this.open = calls.toArray(Call[]::new);
            this.lostConnections = lostConnections;
        }

        boolean isAnswered() {
            for (Call call : open) {
                if (call != null) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Returns at once. */
    synchronized void add(long number, byte[] body) {
        waiting.add(new Call(number, body));
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

    private boolean bundles() {
        return most > 1 && alone == 0 && !flushed && connected.getAsBoolean();
    }

    private void send() {
        while (!waiting.isEmpty()) {
            boolean bundles = bundles();
            if (bundles && underWay >= UNDER_WAY) {
                return;
            }
            send(bundles ? bundle() : List.of(waiting.remove()));
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

    private void send(List<Call> calls) {
        long bundle = ++lastBundle;
        Sent sent = new Sent(calls, lostConnections);
        alone = Math.max(0, alone - calls.size());
        try {
            ObjectRef<byte[]> answer = invoke.apply(
                    calls.size() == 1
                            ? calls.get(0).body()
                            : new Bundle(bundle, calls.stream().map(Call::body).toList()).written());
            unanswered.put(bundle, sent);
            underWay++;
            lane.add(answer, what -> answered(bundle, sent, what));
        } catch (RuntimeException e) {
            fail(sent, RayErrors.failure(actor, e));
        }
    }

    private synchronized void answered(long bundle, Sent sent, Message.Answer answer) {
        underWay--;
        sent.ended = true;
        send();
        if (answer instanceof Message.Done done && sent.open.length > 1 && Bundle.is(done.reply())) {
            told(sent, done.reply());
        } else {
            all(sent, answer);
        }
        if (sent.isAnswered()) {
            unanswered.remove(bundle);
        }
    }

    private void told(Sent sent, byte[] bytes) {
        List<byte @Nullable []> replies;
        try {
            replies = Bundle.answers(bytes);
        } catch (EnvelopeException e) {
            fail(sent, Failure.of(Kind.RAY, "The actor's answer cannot be read: " + e.getMessage()));
            return;
        }
        List<Frame> frames = new ArrayList<>();
        for (int index = 0; index < sent.open.length; index++) {
            byte @Nullable [] reply = index < replies.size() ? replies.get(index) : null;
            Call call = sent.open[index];
            if (reply != null && call != null) {
                sent.open[index] = null;
                frames.add(new Frame(call.number(), new Message.Done(reply)));
            }
        }
        answers.accept(frames);
        if (sent.lostConnections != lostConnections || replies.size() != sent.open.length) {
            fail(sent, unheard());
        }
    }

    private void fail(Sent sent, Failure failure) {
        all(sent, new Message.Failed(failure));
    }

    private void all(Sent sent, Message.Answer answer) {
        List<Frame> frames = new ArrayList<>();
        for (int index = 0; index < sent.open.length; index++) {
            Call call = sent.open[index];
            if (call != null) {
                sent.open[index] = null;
                frames.add(new Frame(call.number(), answer));
            }
        }
        answers.accept(frames);
    }

    @Override
    public synchronized void told(long bundle, int index, byte[] answer) {
        alone = ALONE;
        send();
        Sent sent = unanswered.get(bundle);
        Call call = sent == null || index < 0 || index >= sent.open.length ? null : sent.open[index];
        if (sent != null && call != null) {
            sent.open[index] = null;
            answers.accept(List.of(new Frame(call.number(), new Message.Done(answer))));
            if (sent.ended && sent.isAnswered()) {
                unanswered.remove(bundle);
            }
        }
    }

    /** Nothing more comes of what was said to be told; what Ray has not answered yet, it will. */
    @Override
    public synchronized void lost() {
        lostConnections++;
        unanswered.values().removeIf(sent -> {
            if (sent.ended) {
                fail(sent, unheard());
            }
            return sent.ended;
        });
        send();
    }

    private Failure unheard() {
        return Failure.of(
                Kind.RAY,
                "Ray actor " + actor + ": it carried out the call, and its connection broke before the answer was here.");
    }
}
