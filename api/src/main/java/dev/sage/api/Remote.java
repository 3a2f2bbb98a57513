package dev.sage.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Says that something runs in an actor of Ray, and what Ray is to reserve for it there: {@code service("index", Index::new,
 * remote().gpus(0.5))}. Immutable, each method answers a changed one.
 *
 * @param gpus 0 or more; below 1 a share of one, above 1 whole ones, as Ray has it
 * @param cpus as {@code gpus}; 0 reserves none, which is the default
 * @param resources by the names that the cluster gave them
 */
public record Remote(double gpus, double cpus, Map<String, Double> resources) {
    private static final Remote NOTHING = new Remote(0, 0, Map.of());

    public Remote {
        resources = Collections.unmodifiableMap(new LinkedHashMap<>(resources));
        requireAmount("gpus", gpus);
        requireAmount("cpus", cpus);
        resources.forEach((name, amount) -> {
            if (name.isBlank()) {
                throw new InvalidGraphException("A resource of Ray has a blank name. Name it as the cluster does.");
            }
            requireAmount("resource '" + name + "'", amount);
        });
    }

    /** Reserves nothing. */
    public static Remote remote() {
        return NOTHING;
    }

    /** So many GPUs of the Ray cluster, for example 2 or 0.5. */
    public Remote gpus(double count) {
        return new Remote(count, cpus, resources);
    }

    /** So many CPUs of the Ray cluster. Ray reserves them, it does not hold the actor to them. */
    public Remote cpus(double count) {
        return new Remote(gpus, count, resources);
    }

    /** So much of a resource that the cluster was given under this name. */
    public Remote resource(String name, double amount) {
        Map<String, Double> changed = new LinkedHashMap<>(resources);
        changed.put(name, amount);
        return new Remote(gpus, cpus, changed);
    }

    private static void requireAmount(String what, double amount) {
        boolean ofRay = amount >= 0 && (amount < 1 || (Double.isFinite(amount) && amount == Math.rint(amount)));
        if (!ofRay) {
            throw new InvalidGraphException(
                    "An actor of Ray asks for " + amount + " of " + what + "; Ray takes 0 to 1, or a whole number.");
        }
    }
}
