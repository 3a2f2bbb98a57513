package dev.sage.node.core;

import java.util.List;

/** The registry's memory at one moment, in the order of the submissions. */
public record RegistrySnapshot(List<RegistryEntry> entries) {
    public RegistrySnapshot {
        entries = List.copyOf(entries);
    }
}
