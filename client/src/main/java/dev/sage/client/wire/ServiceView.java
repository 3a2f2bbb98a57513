package dev.sage.client.wire;

/**
 * A kept or shared service.
 *
 * @param name {@code jobId/name} of a kept one, the name of a shared one
 */
public record ServiceView(String name) {}
