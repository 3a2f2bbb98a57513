package dev.sage.node.core;

import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.ShippedCode;
import java.util.List;
import java.util.Optional;

/** What a job does. Jars are files of the node, and so are large graphs. */
public sealed interface Work {

    /**
     * A graph that a client has shipped.
     *
     * @param sage version of the client's Sage
     * @param java feature version of the client's Java
     * @param artifacts in the order of the class path
     * @param graph in Base64, until the job has ended; empty where it is a file of the node
     */
    record Pipeline(String sage, int java, List<ShippedCode.Artifact> artifacts, Optional<String> graph)
            implements Work {
        public Pipeline {
            artifacts = List.copyOf(artifacts);
        }
    }

    /** A program of the node's machine. */
    record Program(CommandLine command) implements Work {}
}
