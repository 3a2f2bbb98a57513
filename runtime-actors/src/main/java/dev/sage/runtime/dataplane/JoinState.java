package dev.sage.runtime.dataplane;

import java.util.ArrayList;
import java.util.List;

/** The records of both sides of a join, kept by key to the end. */
final class JoinState {
    private final List<KeyedStates<List<Object>>> sides;
    private final int maxRecords;
    private int records;

    JoinState(int keyGroups, int maxRecords) {
        this.sides = List.of(new KeyedStates<>(keyGroups), new KeyedStates<>(keyGroups));
        this.maxRecords = maxRecords;
    }

    int maxRecords() {
        return maxRecords;
    }

    boolean isFull() {
        return records >= maxRecords;
    }

    List<Object> of(int side, Object key) {
        List<Object> kept = sides.get(side).get(key);
        return kept == null ? List.of() : kept;
    }

    void add(int side, Object key, Object value) {
        List<Object> kept = sides.get(side).get(key);
        if (kept == null) {
            kept = new ArrayList<>(1);
            sides.get(side).put(key, kept);
        }
        kept.add(value);
        records++;
    }
}
