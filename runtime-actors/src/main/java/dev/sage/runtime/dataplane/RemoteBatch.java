package dev.sage.runtime.dataplane;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records that are worked on elsewhere, from when they are sent until their results have left. Only the answers come from other threads. */
final class RemoteBatch {
    final List<Object> records;
    /** Of the first record. */
    final long ordinal;

    private volatile @Nullable List<RemotePool.Outcome> outcomes;
    private volatile @Nullable Throwable failure;

    /** The record whose outcome is next. */
    int at;
    /** How many of its results have left. */
    int emitted;
    /** How often it has failed. */
    int failures;
    /** When it is to be tried again. */
    long dueNanos;

    boolean due;

    RemoteBatch(List<Object> records, long ordinal) {
        this.records = records;
        this.ordinal = ordinal;
    }

    /** Null while there is none. */
    RemotePool.@Nullable Outcome outcome() {
        List<RemotePool.Outcome> all = outcomes;
        return all == null ? null : all.get(at);
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    boolean hasLeft() {
        List<RemotePool.Outcome> all = outcomes;
        return all != null && at == all.size();
    }

    void next() {
        at++;
        emitted = 0;
        failures = 0;
    }

    /** The outcomes of all are known, but for that of the present record. */
    void tryAgain(long nanos) {
        List<RemotePool.Outcome> all = outcomes;
        if (all != null) {
            before = all;
            outcomes = null;
            due = true;
            dueNanos = nanos;
        }
    }

    private List<RemotePool.Outcome> before = List.of();

    /** For the whole batch. */
    RemotePool.Answer answer(Runnable told) {
        return new Told(told) {
            @Override
            void take(List<RemotePool.Outcome> given) {
                outcomes = given;
            }
        };
    }

    /** For the one record that was tried again. */
    RemotePool.Answer answerOfOne(Runnable told) {
        return new Told(told) {
            @Override
            void take(List<RemotePool.Outcome> given) {
                List<RemotePool.Outcome> all = new ArrayList<>(before);
                all.set(at, given.get(0));
                outcomes = all;
            }
        };
    }

    private abstract class Told implements RemotePool.Answer {
        private final Runnable told;

        Told(Runnable told) {
            this.told = told;
        }

        abstract void take(List<RemotePool.Outcome> given);

        @Override
        public void outcomes(List<RemotePool.Outcome> given) {
            take(given);
            told.run();
        }

        @Override
        public void failed(Throwable cause) {
            failure = cause;
            told.run();
        }
    }
}
