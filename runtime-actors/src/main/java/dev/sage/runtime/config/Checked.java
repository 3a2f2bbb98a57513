package dev.sage.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.sage.api.SageException;
import java.time.Duration;

/** Reads settings with their bounds; what is out of bounds is refused with its key. */
public final class Checked {
    private final Config config;
    private final String prefix;

    public Checked(Config config, String prefix) {
        this.config = config;
        this.prefix = prefix;
    }

    public int integer(String key, int min, int max) {
        return (int) number(key, min, max);
    }

    public long number(String key, long min, long max) {
        long value = config.getLong(path(key));
        if (value < min || value > max) {
            throw invalid(path(key) + " is " + value + "; it must be from " + min + " to " + max + ".");
        }
        return value;
    }

    /** A size with its unit, in bytes. */
    public long bytes(String key, long min, long max) {
        try {
            long value = config.getBytes(path(key));
            if (value >= min && value <= max) {
                return value;
            }
        } catch (ConfigException.BadValue noSize) {
            // Told below, with the bounds.
        }
        throw invalid(path(key) + " is " + config.getAnyRef(path(key)) + "; it must be from " + min + " to " + max
                + " bytes.");
    }

    public String text(String key) {
        return config.getString(path(key));
    }

    public Duration duration(String key) {
        Duration value = config.getDuration(path(key));
        if (value.isNegative() || value.isZero()) {
            throw invalid(path(key) + " is " + value + "; it must be positive.");
        }
        return value;
    }

    /** The whole path, also in what the library itself says of a value of the wrong type. */
    private String path(String key) {
        return prefix + "." + key;
    }

    public static void within(String inner, Duration innerTime, String outer, Duration outerTime) {
        if (innerTime.compareTo(outerTime) > 0) {
            throw invalid(inner + " is " + innerTime + " and exceeds " + outer + ", which is " + outerTime
                    + ". Lower the first or raise the second.");
        }
    }

    public static SageException invalid(String message) {
        return new SageException("config.invalid", message);
    }
}
