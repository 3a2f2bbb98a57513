package dev.sage.api.graph;

import dev.sage.api.ProcessService;
import dev.sage.api.RayService;
import dev.sage.api.ServiceFactory;
import java.util.List;

/** What a service is made of. */
public sealed interface ServiceBody {
    /** An object in the JVM of its job. */
    record InJvm(ServiceFactory<?> factory) implements ServiceBody {}

    /** A process; {@code atClient} for one beside the client, wherever the job runs, see {@link dev.sage.api.Environment#atClient}. */
    record OfProcess(ProcessService program, boolean atClient) implements ServiceBody {}

    /** An actor of Ray. */
    record OnRay(RayService actor) implements ServiceBody {}

    /**
     * A process that runs beside the client of a job that runs elsewhere, and is only called from there.
     *
     * @param host where the node of the job reaches it; an IPv6 address is in brackets
     * @param pid as it is at the client
     * @param ports in the order of {@code {ports}}; may be empty
     * @param gpus ids, as they are at the client
     */
    record BesideClient(String host, long pid, List<Integer> ports, List<Integer> gpus) implements ServiceBody {
        public BesideClient {
            ports = List.copyOf(ports);
            gpus = List.copyOf(gpus);
        }
    }
}
