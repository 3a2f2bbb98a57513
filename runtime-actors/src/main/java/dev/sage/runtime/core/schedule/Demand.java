package dev.sage.runtime.core.schedule;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a job asks for. It gets all of it or waits.
 *
 * @param holders each service or operator of the job that needs something
 */
public record Demand(Map<String, Need> holders) {
    private static final int MOST = 1_000_000;

    public static final Demand NOTHING = new Demand(Map.of());

    /** How many of each. */
    public record Need(int gpus, int ports) {
        public Need {
            if (gpus < 0 || ports < 0) {
                throw new IllegalArgumentException(
                        "gpus(" + gpus + ") and ports(" + ports + ") are asked for; ask for 0 or more of each.");
            }
        }
    }

    public Demand {
        holders = Collections.unmodifiableMap(new TreeMap<>(holders));
        long gpus = holders.values().stream().mapToLong(Need::gpus).sum();
        long ports = holders.values().stream().mapToLong(Need::ports).sum();
        if (gpus > MOST || ports > MOST) {
            throw new IllegalArgumentException(gpus + " GPUs and " + ports
                    + " ports are asked for by one job; ask for at most " + MOST + " of each.");
        }
    }

    public static Demand of(String holder, int gpus, int ports) {
        return new Demand(Map.of(holder, new Need(gpus, ports)));
    }

    int gpus() {
        return holders.values().stream().mapToInt(Need::gpus).sum();
    }

    int ports() {
        return holders.values().stream().mapToInt(Need::ports).sum();
    }
}
