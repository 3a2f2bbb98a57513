package dev.sage.api;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link DataStream#collect} brought back. */
public final class Results<T> implements Iterable<T> {
    private final String operator;
    private volatile @Nullable List<T> values;

    Results(String operator) {
        this.operator = operator;
    }

    /**
     * All records, in the order of the collecting instance.
     *
     * @throws IllegalStateException when the tasks of the job have not ended well (yet)
     */
    public List<T> list() {
        List<T> list = values;
        if (list == null) {
            throw new IllegalStateException(
                    "The results of '" + operator
                            + "' are there once all tasks of their job have ended well. Maybe run() was not called, or the job failed.");
        }
        return list;
    }

    @Override
    public Iterator<T> iterator() {
        return list().iterator();
    }

    void publish(List<T> list) {
        values = list;
    }
}
