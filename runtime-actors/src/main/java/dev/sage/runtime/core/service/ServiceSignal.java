package dev.sage.runtime.core.service;

import java.time.Duration;
import java.util.Optional;

/** What a service's actor hears. */
public sealed interface ServiceSignal {
    record Start() implements ServiceSignal {}

    record Stop() implements ServiceSignal {}

    /** Now, whatever else has not returned. */
    record CleanUp() implements ServiceSignal {}

    /** There is nobody any more to say when to stop. */
    record OwnerGone() implements ServiceSignal {}

    /** The instance of this number, from 1, has said that it cannot serve any more. */
    record Died(int instance, Throwable cause, long nowNs) implements ServiceSignal {}

    /** The instance of this number was to replace one that died, and does not run in time. */
    record RestartLate(int instance, Duration allowed) implements ServiceSignal {}

    /** A life-cycle method returned, or threw. */
    record Ended(ServiceStep step, Optional<Throwable> thrown) implements ServiceSignal {}
}
