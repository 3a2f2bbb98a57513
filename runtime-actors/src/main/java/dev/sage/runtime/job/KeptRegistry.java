package dev.sage.runtime.job;

import dev.sage.runtime.service.ServiceCell;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The kept services as those outside the actors see them, by {@code jobId/name}. Written by {@link KeptServices} only. */
public final class KeptRegistry {
    private final ConcurrentMap<String, ServiceCell> cells = new ConcurrentHashMap<>();

    void add(String name, ServiceCell cell) {
        cells.put(name, cell);
    }

    void remove(String name) {
        cells.remove(name);
    }

    public Optional<ServiceCell> find(String name) {
        return Optional.ofNullable(cells.get(name));
    }

    public Map<String, ServiceCell> all() {
        return new TreeMap<>(cells);
    }
}
