package dev.sage.runtime.config;

import dev.sage.runtime.core.schedule.Pool;
import dev.sage.runtime.core.schedule.Schedule;
import dev.sage.runtime.core.schedule.ScheduleLimits;
import java.time.Duration;
import java.util.List;

/**
 * Which jobs wait for what.
 *
 * @param gpus their ids
 * @param gpuGroups ids that belong together, each in one group at most
 * @param ports in the order in which they are given; empty when the system is to find free ones
 * @param recheckAfter how long something that could not be had rests until it is tried again
 */
public record SchedulingSettings(
        ScheduleLimits limits,
        List<Integer> gpus,
        List<List<Integer>> gpuGroups,
        List<Integer> ports,
        Duration recheckAfter) {

    /** In which nothing runs or waits yet. */
    public Schedule schedule() {
        return Schedule.of(limits, Pool.gpus(gpus, gpuGroups), ports.isEmpty() ? Pool.foundPorts() : Pool.ports(ports));
    }
}
