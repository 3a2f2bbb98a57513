package dev.sage.node.code;

import java.time.Duration;

/**
 * {@code sage.node.artifacts} of the settings.
 *
 * @param maxBytes of one jar
 * @param quotaBytes of all jars
 * @param keepUnused how long a jar stays that no live job uses
 */
public record ArtifactSettings(long maxBytes, long quotaBytes, Duration keepUnused) {}
