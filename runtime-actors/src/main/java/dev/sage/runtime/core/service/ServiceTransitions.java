package dev.sage.runtime.core.service;

import static dev.sage.runtime.core.service.ServiceState.*;
import static dev.sage.runtime.core.service.ServiceTrigger.*;

import dev.sage.runtime.core.Transitions;

/**
 * The transition table of a service. {@code stop} is entered only from RUNNING or when {@code start} returned late:
 * never for a service that did not run. {@code cleanup} is entered once for each instance: from wherever the last one is,
 * and in RESTARTING for one that died and is replaced.
 */
public final class ServiceTransitions {
    public static final Transitions<ServiceState, ServiceTrigger> TABLE =
            Transitions.<ServiceState, ServiceTrigger>startingAt(CREATED)
                    .add(CREATED, START, INITIALIZING)
                    .add(INITIALIZING, RETURNED, STARTING)
                    .add(INITIALIZING, RETURNED_LATE, STOPPED)
                    .add(INITIALIZING, THREW, STOPPED)
                    .add(INITIALIZING, CLEAN_UP, CLEANING)
                    .add(STARTING, RETURNED, RUNNING)
                    .add(STARTING, RETURNED_LATE, STOPPING)
                    .add(STARTING, THREW, STOPPED)
                    .add(STARTING, CLEAN_UP, CLEANING)
                    .add(RUNNING, RESTART, RESTARTING)
                    .add(RUNNING, DIE, DEAD)
                    .add(RUNNING, STOP, STOPPING)
                    .add(RUNNING, CLEAN_UP, CLEANING)
                    .add(RESTARTING, RETURNED, INITIALIZING)
                    .add(RESTARTING, RETURNED_LATE, STOPPED)
                    .add(RESTARTING, THREW, STOPPED)
                    .add(RESTARTING, CLEAN_UP, CLEANING)
                    .add(DEAD, STOP, STOPPING)
                    .add(DEAD, CLEAN_UP, CLEANING)
                    .add(STOPPING, RETURNED, STOPPED)
                    .add(STOPPING, THREW, STOPPED)
                    .add(STOPPING, CLEAN_UP, CLEANING)
                    .add(STOPPED, CLEAN_UP, CLEANING)
                    .add(CLEANING, RETURNED, CLEANED)
                    .add(CLEANING, THREW, CLEANED);

    private ServiceTransitions() {}
}
