package dev.sage.runtime.core.service;

import java.util.Optional;

/** What a service's actor does. */
public sealed interface ServiceEffect {
    /** Runs a life-cycle method on a thread for blocking code. */
    record Run(ServiceStep step) implements ServiceEffect {}

    /** Interrupts the life-cycle method that runs. */
    record Interrupt() implements ServiceEffect {}

    /** Lets no more calls in. */
    record CloseDoor() implements ServiceEffect {}

    record TellRunning() implements ServiceEffect {}

    /** {@code init} or {@code start} threw. */
    record TellFailed(ServiceStep step, Throwable thrown) implements ServiceEffect {}

    record TellStopped(Optional<Throwable> thrown) implements ServiceEffect {}

    /** The last one: the actor ends. */
    record TellCleaned(Optional<Throwable> thrown) implements ServiceEffect {}
}
