package dev.sage.runtime.config;

import com.typesafe.config.Config;
import dev.sage.api.spi.EditDistance;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Refuses a setting under {@code sage} that does not exist: a misspelt key would otherwise be ignored in silence. */
final class KnownKeys {
    private KnownKeys() {}

    static void check(Config given, Config reference) {
        Set<String> known = keys(reference);
        for (String key : keys(given)) {
            if (!known.contains(key)) {
                String nearest = known.stream()
                        .min(Comparator.comparingInt(candidate -> EditDistance.between(candidate, key)))
                        .orElse("");
                throw Checked.invalid("There is no setting sage." + key + ". Maybe sage." + nearest + " is meant.");
            }
        }
    }

    private static Set<String> keys(Config config) {
        return config.entrySet().stream().map(entry -> entry.getKey()).collect(Collectors.toCollection(TreeSet::new));
    }
}
