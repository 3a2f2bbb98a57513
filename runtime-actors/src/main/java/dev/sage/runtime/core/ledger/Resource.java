package dev.sage.runtime.core.ledger;

import java.util.Optional;

/** Something that outlives the JVM that acquired it. */
public sealed interface Resource {
    record Gpu(int id) implements Resource {}

    record Port(int number) implements Resource {}

    /**
     * A process with all that came from it.
     *
     * @param mark the part of {@code SAGE_OWNER} in their environment that no other process has
     * @param first empty until it was seen to be spawned
     */
    record ProcessTree(String mark, Optional<Spawned> first) implements Resource {}

    /**
     * An actor of Ray.
     *
     * @param cluster the address of its cluster
     * @param namespace of Sage's in that cluster
     * @param name once in the namespace
     * @param kept whether it does not end with the gateway that made it
     */
    record RayActor(String cluster, String namespace, String name, boolean kept) implements Resource {}

    /**
     * A process that cannot be mistaken for a later one of the same number.
     *
     * @param startTicks since the boot, as in {@code /proc/PID/stat}
     */
    record Spawned(long pid, long startTicks) {}
}
