package dev.sage.cli;

import dev.sage.api.spi.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what was meant by a mistyped name: the candidate with the fewest edits, if they are few for its length. */
public final class Nearest {
    private Nearest() {}

    public static Optional<String> to(String typed, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> EditDistance.between(typed, candidate)))
                .filter(best -> EditDistance.between(typed, best) <= Math.max(1, best.length() / 3));
    }
}
