package dev.sage.runtime.local;

import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.node.Outside;

/**
 * The outside of a local environment: its processes, and its part of what this JVM holds. Opens the state folder only when
 * a job first needs something.
 */
final class LocalOutside implements Outside {
    /** There is one attempt of a job in a local environment. */
    private static final int EPOCH = 1;

    private final SageSettings settings;
    private final BlockingThreads threads;

    LocalOutside(SageSettings settings, BlockingThreads threads) {
        this.settings = settings;
        this.threads = threads;
    }
}
