package dev.sage.runtime.core.service;

import java.util.Optional;

/** What a service's actor hears. */
public sealed interface ServiceSignal {
    record Start() implements ServiceSignal {}

    record Stop() implements ServiceSignal {}

    /** Now, whatever else has not returned. */
    record CleanUp() implements ServiceSignal {}

    /** There is nobody any more to say when to stop. */
    record OwnerGone() implements ServiceSignal {}

    /** A life-cycle method returned, or threw. */
    record Ended(ServiceStep step, Optional<Throwable> thrown) implements ServiceSignal {}
}
