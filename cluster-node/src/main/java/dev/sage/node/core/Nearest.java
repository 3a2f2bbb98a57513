package dev.sage.node.core;

import dev.sage.api.spi.EditDistance;
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
                .min(Comparator.comparingInt(candidate -> EditDistance.between(candidate, word)))
                .filter(candidate -> EditDistance.between(candidate, word) * 2 <= candidate.length());
    }
}
