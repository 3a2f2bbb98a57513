package dev.sage.node.core;

import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.ShippedCode;
import java.util.List;

/** What a job does, as names and digests: graphs and jars are files of the node. */
public sealed interface Work {

    /**
     * A graph that a client has shipped.
     *
     * @param sage version of the client's Sage
     * @param java feature version of the client's Java
     * @param artifacts in the order of the class path
     */
    record Pipeline(String sage, int java, List<ShippedCode.Artifact> artifacts) implements Work {
        public Pipeline {
            artifacts = List.copyOf(artifacts);
        }
    }

    /** A program of the node's machine. */
    record Program(CommandLine command) implements Work {}
}
