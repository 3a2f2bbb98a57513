package dev.sage.client.wire;

import java.time.Instant;

/**
 * The node that answers.
 *
 * @param instance changes with each start of the node
 * @param pid of its process
 */
public record NodeView(
        String instance, String sage, int java, long pid, String host, int port, Instant startedAt, String home) {}
