package dev.sage.runtime.dataplane;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one instance of an operator keeps for its keys, apart for each key group, so that a group can go to another
 * instance as a whole.
 */
final class KeyedStates<V> {
    private final int keyGroups;
    /** Empty until there is a key. */
    private List<@Nullable Map<Object, V>> groups = List.of();

    KeyedStates(int keyGroups) {
        this.keyGroups = keyGroups;
    }

    @Nullable
    V get(Object key) {
        Map<Object, V> group = groups.isEmpty() ? null : groups.get(groupOf(key));
        return group == null ? null : group.get(key);
    }

    void put(Object key, V value) {
        if (groups.isEmpty()) {
            groups = new ArrayList<>(Collections.nCopies(keyGroups, null));
        }
        int index = groupOf(key);
        Map<Object, V> group = groups.get(index);
        if (group == null) {
            group = new LinkedHashMap<>();
            groups.set(index, group);
        }
        group.put(key, value);
    }

    void remove(Object key) {
        Map<Object, V> group = groups.isEmpty() ? null : groups.get(groupOf(key));
        if (group != null) {
            group.remove(key);
        }
    }

    /** All keys, read lazily; not to be changed meanwhile. */
    Iterator<Map.Entry<Object, V>> entries() {
        return groups.stream()
                .filter(Objects::nonNull)
                .flatMap(group -> group.entrySet().stream())
                .iterator();
    }

    private int groupOf(Object key) {
        return KeyGroups.groupOf(key, keyGroups);
    }
}
