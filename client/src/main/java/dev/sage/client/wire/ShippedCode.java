package dev.sage.client.wire;

import java.util.List;

/**
 * A graph with the jars that its functions need. The jars were uploaded before, see {@code PUT /v1/artifacts/{sha256}}.
 *
 * @param sage version of the client's Sage
 * @param java feature version of the client's Java; the class files may be of that version
 * @param artifacts in the order of the class path
 * @param graph serialized, see {@code dev.sage.client.ship.GraphCodec}, as Base64
 */
public record ShippedCode(String sage, int java, List<Artifact> artifacts, String graph) {

    /**
     * A jar.
     *
     * @param sha256 of its bytes, 64 lower-case hexadecimal digits
     * @param name of its file, for messages
     * @param size bytes
     */
    public record Artifact(String sha256, String name, long size) {}
}
