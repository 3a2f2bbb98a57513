package dev.sage.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The GPUs and ports that a job has for itself.
 *
 * @param holders by service or command; what the job itself asked for under its {@linkplain #OWN own} name
 */
public record JobLeases(Map<String, Lease> holders) {
    /** The holder of what {@link SubmitOptions#gpus} and {@link SubmitOptions#ports} asked for. */
    public static final String OWN = "";

    /** Of a job that asked for nothing, or has not started yet, or has ended. */
    public static final JobLeases NONE = new JobLeases(Map.of());

    /** What one holder has; ids of GPUs, and numbers of ports. */
    public record Lease(List<Integer> gpus, List<Integer> ports) {
        /** Nothing. */
        public static final Lease NONE = new Lease(List.of(), List.of());

        public Lease {
            gpus = List.copyOf(gpus);
            ports = List.copyOf(ports);
        }
    }

    public JobLeases {
        holders = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(holders));
    }

    /** What this service or command has; nothing for one that the job does not know. */
    public Lease of(String holder) {
        return holders.getOrDefault(holder, Lease.NONE);
    }

    /** Of all holders together. */
    public List<Integer> gpus() {
        return holders.values().stream().flatMap(lease -> lease.gpus().stream()).toList();
    }

    /** Of all holders together. */
    public List<Integer> ports() {
        return holders.values().stream()
                .flatMap(lease -> lease.ports().stream())
                .toList();
    }
}
