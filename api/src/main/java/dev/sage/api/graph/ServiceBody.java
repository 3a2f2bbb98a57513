package dev.sage.api.graph;

import dev.sage.api.ProcessService;
import dev.sage.api.ServiceFactory;

/** What a service is made of. */
public sealed interface ServiceBody {
    /** An object in the JVM of its job. */
    record InJvm(ServiceFactory<?> factory) implements ServiceBody {}

    /** A process; {@code atClient} for one beside the client, wherever the job runs, see {@link dev.sage.api.Environment#atClient}. */
    record OfProcess(ProcessService program, boolean atClient) implements ServiceBody {}
}
