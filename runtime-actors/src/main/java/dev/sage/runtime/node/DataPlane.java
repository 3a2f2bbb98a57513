package dev.sage.runtime.node;

import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.dataplane.TaskletExecutor;

/** The threads of a node on which user code runs. */
public record DataPlane(TaskletExecutor executor, BlockingThreads threads) {}
