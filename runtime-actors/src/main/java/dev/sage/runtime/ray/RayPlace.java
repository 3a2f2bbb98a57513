package dev.sage.runtime.ray;

/**
 * Where actors are.
 *
 * @param cluster the address by which it is reached, host and port
 * @param namespace of ours, in which nobody else has actors
 */
public record RayPlace(String cluster, String namespace) {}
