package dev.sage.runtime.resource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Whether GPUs are idle: no program computes on them, and their memory is free. What is not known to be idle is not. */
final class GpuProbe {
    private static final String GPUS = "--query-gpu=index,uuid,memory.used";
    private static final String PROGRAMS = "--query-compute-apps=gpu_uuid,pid,used_memory";
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final LeaseSettings settings;
    private final GpuCommand command;

    GpuProbe(LeaseSettings settings) {
        this.settings = settings;
        this.command = new GpuCommand(settings);
    }

    /** Whether there is a command to ask. */
    boolean sees() {
        return command.find().isPresent();
    }

    /** Why each of these that is not idle is not; empty when all are. */
    Map<Integer, String> busy(Collection<Integer> ids) throws InterruptedException {
        if (ids.isEmpty()) {
            return Map.of();
        }
        Optional<Path> program = command.find();
        if (program.isEmpty()) {
            return settings.gpuCommandRequired() ? all(ids, notFound()) : Map.of();
        }
        try {
            return busy(ids, command.query(program.get(), GPUS), command.query(program.get(), PROGRAMS));
        } catch (IOException e) {
            return all(ids, "is not known to be idle: '" + program.get() + "' " + e.getMessage());
        }
    }

    /**
     * As {@link #busy}, but asks again for a while when programs have just ended: the driver frees their memory a little
     * later, and tells nobody when.
     */
    Map<Integer, String> busyForGood(Collection<Integer> ids) throws InterruptedException {
        long end = System.nanoTime() + settings.gpuFreeWithin().toNanos();
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            Map<Integer, String> busy = busy(ids);
            long left = end - System.nanoTime();
            if (busy.isEmpty() || left <= 0) {
                return busy;
            }
            LockSupport.parkNanos(this, Math.min(left, pause));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            pause = Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
        }
    }

    private Map<Integer, String> busy(Collection<Integer> ids, List<String> gpus, List<String> programs)
            throws IOException {
        Map<Integer, String> reasons = new HashMap<>();
        Map<Integer, String> uuids = new TreeMap<>();
        for (String line : gpus) {
            String[] fields = fields(line);
            int id = (int) number(fields[0], line);
            uuids.put(id, fields[1]);
            if (ids.contains(id)) {
                long used = number(fields[2], line);
                if (used > settings.idleGpuMebibytes()) {
                    reasons.put(
                            id,
                            "has " + used + " MiB of its memory in use, and an idle one at most "
                                    + settings.idleGpuMebibytes() + " MiB");
                }
            }
        }
        Map<String, String> users = new HashMap<>();
        for (String line : programs) {
            String[] fields = fields(line);
            users.merge(fields[0], Long.toString(number(fields[1], line)), (some, more) -> some + ", " + more);
        }
        for (int id : ids) {
            String uuid = uuids.get(id);
            if (uuid == null) {
                reasons.put(id, "is unknown to '" + command + "', which lists " + uuids.keySet());
            } else if (users.containsKey(uuid)) {
                String memory = reasons.containsKey(id) ? ", and " + reasons.get(id) : "";
                reasons.put(id, "is in use by process " + users.get(uuid) + memory);
            }
        }
        return reasons;
    }

    private static String[] fields(String line) throws IOException {
        String[] fields = line.split("\\s*,\\s*", -1);
        if (fields.length != 3 || fields[0].isEmpty() || fields[1].isEmpty()) {
            throw garbage(line);
        }
        return fields;
    }

    private static long number(String field, String line) throws IOException {
        try {
            return Long.parseLong(field);
        } catch (NumberFormatException e) {
            throw garbage(line);
        }
    }

    private static IOException garbage(String line) {
        return new IOException("printed '" + GpuCommand.start(line) + "', which is not understood");
    }

    private String notFound() {
        return "is not known to be idle: there is no '" + command + "' in '" + settings.searchPath()
                + "'. Install it, or allow GPUs to be leased unseen.";
    }

    private static Map<Integer, String> all(Collection<Integer> ids, String reason) {
        Map<Integer, String> reasons = new HashMap<>();
        ids.forEach(id -> reasons.put(id, reason));
        return reasons;
    }
}
