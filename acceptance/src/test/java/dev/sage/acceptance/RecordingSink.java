package dev.sage.acceptance;

import dev.sage.api.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it gets, and the steps of its own life, for a test to look at while and after the job runs. */
final class RecordingSink<T> implements Sink<T> {
    private final transient List<T> records = new ArrayList<>();
    private final transient List<String> steps = new CopyOnWriteArrayList<>();

    synchronized List<T> records() {
        return List.copyOf(records);
    }

    /** {@code open}, {@code prepare}, {@code commit}, {@code abort} as they came. */
    List<String> steps() {
        return List.copyOf(steps);
    }

    @Override
    public synchronized void accept(T value) {
        records.add(value);
    }

    @Override
    public void open() {
        steps.add("open");
    }

    @Override
    public void prepare() {
        steps.add("prepare");
    }

    @Override
    public void commit() {
        steps.add("commit");
    }

    @Override
    public void abort() {
        steps.add("abort");
    }
}
