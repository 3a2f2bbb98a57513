package dev.sage.runtime.config;

import com.typesafe.config.Config;
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
                        .min(Comparator.comparingInt(candidate -> distance(candidate, key)))
                        .orElse("");
                throw Checked.invalid("There is no setting sage." + key + ". Maybe sage." + nearest + " is meant.");
            }
        }
    }

    private static Set<String> keys(Config config) {
        return config.entrySet().stream().map(entry -> entry.getKey()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Levenshtein's edit distance, by rows. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
