package dev.sage.node.code;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * {@code sage.node.artifacts} of the settings.
 *
 * @param maxBytes of one jar
 * @param quotaBytes of all jars
 * @param keepUnused how long a jar stays that no live job uses
 * @param keepFresh how long any jar stays after its last use, whatever the quota
 */
public record ArtifactSettings(long maxBytes, long quotaBytes, Duration keepUnused, Duration keepFresh) {

    /**
     * Of a whole configuration.
     *
     * @throws IllegalArgumentException when a value is out of its bounds, naming it
     */
    public static ArtifactSettings of(Config all) {
        Config config = all.getConfig("sage.node.artifacts");
        ArtifactSettings settings = new ArtifactSettings(
                config.getBytes("max-size"),
                config.getBytes("quota"),
                config.getDuration("keep-unused"),
                config.getDuration("keep-fresh"));
        if (settings.maxBytes < 1 || settings.quotaBytes < settings.maxBytes) {
            throw new IllegalArgumentException("sage.node.artifacts.max-size is " + settings.maxBytes
                    + " bytes and sage.node.artifacts.quota " + settings.quotaBytes
                    + "; the first must be at least 1, and the second at least the first.");
        }
        if (settings.keepUnused.isNegative()) {
            throw new IllegalArgumentException("sage.node.artifacts.keep-unused is " + settings.keepUnused
                    + "; it must be 0 or more, for example 7d.");
        }
        if (settings.keepFresh.isNegative() || settings.keepFresh.isZero()) {
            throw new IllegalArgumentException("sage.node.artifacts.keep-fresh is " + settings.keepFresh
                    + "; it must be positive, for example 1h.");
        }
        return settings;
    }
}
