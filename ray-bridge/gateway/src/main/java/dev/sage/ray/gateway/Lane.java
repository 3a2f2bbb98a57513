package dev.sage.ray.gateway;

import dev.sage.ray.wire.Message;
import io.ray.api.ObjectRef;
import io.ray.api.exception.RayTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the answers of one actor. Ray tells of an answer only to a thread that waits for it. An actor begins its calls
 * in order, so one thread that waits for the oldest, the leader, gets most answers as they come. Where a call keeps it
 * waiting and the actor runs others meanwhile, it sits on that one, and another thread leads. No more of them sit than the
 * actor runs calls, and an actor without calls holds no thread.
 */
final class Lane {
    /** After an answer that came soon; long enough that a busy machine does not make a slow call of each. */
    private static final long PATIENT_MILLIS = 10;
    /** After one that did not: others behind it may be there already. */
    private static final long IMPATIENT_MILLIS = 1;

    private final String actor;
    private final Executor threads;
    private final int concurrency;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private boolean led;
    private int sitting;
    private int unanswered;
    /** Of the leader. */
    private volatile long patienceMillis = PATIENT_MILLIS;

    /** @param concurrency how many calls the actor runs at once */
    Lane(String actor, Executor threads, int concurrency) {
        this.actor = actor;
        this.threads = threads;
        this.concurrency = concurrency;
    }

    private record Pending(ObjectRef<byte[]> answer, Consumer<Message.Answer> receiver) {}

    /** In the order in which the calls were made. */
    void add(ObjectRef<byte[]> answer, Consumer<Message.Answer> receiver) {
        synchronized (this) {
            pending.add(new Pending(answer, receiver));
            unanswered++;
            if (led || sitting == concurrency) {
                return;
            }
            led = true;
        }
        threads.execute(this::lead);
    }

    /** Whether the actor has as many calls without an answer as it runs at once. */
    synchronized boolean isFull() {
        return unanswered >= concurrency;
    }

    private void lead() {
        for (Pending next = next(); next != null; next = next()) {
            boolean leads = true;
            Message.Answer answer = concurrency == 1 ? answer(next.answer()) : answerSoon(next.answer());
            if (answer == null) {
                sitDown();
                answer = answer(next.answer());
                leads = standUp();
            }
            answered();
            next.receiver().accept(answer);
            if (!leads) {
                return;
            }
        }
    }

    private synchronized void answered() {
        unanswered--;
    }

    private synchronized @Nullable Pending next() {
        Pending next = pending.poll();
        led = next != null;
        return next;
    }

    private void sitDown() {
        synchronized (this) {
            sitting++;
            led = !pending.isEmpty() && sitting < concurrency;
            if (!led) {
                return;
            }
        }
        threads.execute(this::lead);
    }

    /** Whether nobody else leads now. */
    private synchronized boolean standUp() {
        sitting--;
        boolean leads = !led;
        led = true;
        return leads;
    }

    /** Nothing when it takes longer. */
    private Message.@Nullable Answer answerSoon(ObjectRef<byte[]> answer) {
        try {
            Message.Answer soon = new Message.Done(answer.get(patienceMillis));
            patienceMillis = PATIENT_MILLIS;
            return soon;
        } catch (RayTimeoutException late) {
            patienceMillis = IMPATIENT_MILLIS;
            return null;
        } catch (Throwable e) {
            return new Message.Failed(RayErrors.failure(actor, e));
        }
    }

    private Message.Answer answer(ObjectRef<byte[]> answer) {
        try {
            return new Message.Done(answer.get());
        } catch (Throwable e) {
            return new Message.Failed(RayErrors.failure(actor, e));
        }
    }
}
