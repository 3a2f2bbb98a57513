package dev.sage.runtime.job;

import dev.sage.runtime.service.ServiceCell;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The kept services as those outside the actors see them, by {@code jobId/name}. Written by {@link KeptServices} only. */
public final class KeptRegistry {
    private final ConcurrentMap<String, ServiceCell> cells = new ConcurrentHashMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    void add(String name, ServiceCell cell) {
        cells.put(name, cell);
    }

    void remove(String name) {
        cells.remove(name);
        listeners.forEach(listener -> listener.accept(name));
    }

    /** Hears the name of each service that is not there any more, whoever or whatever ended it; must not block. */
    public void onRemoved(Consumer<String> listener) {
        listeners.add(listener);
    }

    public Optional<ServiceCell> find(String name) {
        return Optional.ofNullable(cells.get(name));
    }

    public Map<String, ServiceCell> all() {
        return new TreeMap<>(cells);
    }
}
