package dev.sage.client.ship;

import dev.sage.api.graph.JobGraph;
import java.io.IOException;

/** A job's graph as bytes, with the functions and objects of its user. */
public final class GraphCodec {
    private GraphCodec() {}

    /**
     * Writes a graph. What {@code collect()} does with its records stays here: the node puts something else in its place.
     *
     * @throws dev.sage.api.InvalidGraphException when something cannot be sent, naming the operator, the field and the class
     */
    public static byte[] encode(JobGraph graph) {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(graph.name()));
        }
        return new byte[0];
    }

    /**
     * Reads a graph. Services that its functions hold are those of the job, once {@code ServiceSpec.bind} was told how to
     * call them; its {@code Collect} operators do nothing.
     *
     * @param loader of the user's classes
     * @throws ClassNotFoundException naming a class that the loader does not know
     * @throws IOException when these are not the bytes of a graph
     */
    public static JobGraph decode(byte[] bytes, ClassLoader loader) throws IOException, ClassNotFoundException {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(bytes.length + " " + loader));
        }
        return new JobGraph("", java.util.List.of(), java.util.List.of());
    }
}
