package dev.sage.node.code;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * {@code sage.node.artifacts} of the settings.
 *
 * @param maxBytes of one jar
 * @param quotaBytes of all jars
 * @param keepUnused how long a jar stays that no live job uses
 */
public record ArtifactSettings(long maxBytes, long quotaBytes, Duration keepUnused) {

    /**
     * Of a whole configuration.
     *
     * @throws IllegalArgumentException when a value is out of its bounds, naming it
     */
    public static ArtifactSettings of(Config all) {
        Config config = all.getConfig("sage.node.artifacts");
        ArtifactSettings settings = new ArtifactSettings(
                config.getBytes("max-size"), config.getBytes("quota"), config.getDuration("keep-unused"));
        if (settings.maxBytes < 1 || settings.quotaBytes < settings.maxBytes) {
            throw new IllegalArgumentException("sage.node.artifacts.max-size is " + settings.maxBytes
                    + " bytes and sage.node.artifacts.quota " + settings.quotaBytes
                    + "; the first must be at least 1, and the second at least the first.");
        }
        if (settings.keepUnused.isNegative()) {
            throw new IllegalArgumentException("sage.node.artifacts.keep-unused is " + settings.keepUnused
                    + "; it must be 0 or more, for example 7d.");
        }
        return settings;
    }
}
