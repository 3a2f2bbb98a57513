package dev.sage.runtime.resource;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How GPUs and ports are leased.
 *
 * @param lockFolder the same for all users of the machine
 * @param gpuCommand the {@code nvidia-smi} that tells whether a GPU is idle; a path, or a name to be looked for
 * @param searchPath the folders in which it is looked for, as in {@code PATH}
 * @param gpuCommandRequired whether no GPU is leased when there is no such command; else they are leased unseen
 * @param gpuCommandWithin how long one run of it may take
 * @param idleGpuMebibytes of memory that may be in use on a GPU that counts as idle
 * @param gpuFreeWithin how long the driver may take to free the memory of processes that have ended
 */
public record LeaseSettings(
        Path lockFolder,
        String gpuCommand,
        String searchPath,
        boolean gpuCommandRequired,
        Duration gpuCommandWithin,
        int idleGpuMebibytes,
        Duration gpuFreeWithin) {}
