package dev.sage.node.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What somebody may have meant who wrote a word that does not exist. */
public final class Nearest {
    private static final int LONGEST = 64;

    private Nearest() {}

    /** The most similar word, unless even that one differs in more than half of its letters. */
    public static Optional<String> to(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        return known.stream()
                .sorted()
                .min(Comparator.comparingInt(candidate -> distance(candidate, word)))
                .filter(candidate -> distance(candidate, word) * 2 <= candidate.length());
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
