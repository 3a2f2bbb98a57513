package dev.sage.samples.wordcount;

import dev.sage.api.KeyValue;
import java.util.Comparator;
import java.util.List;

/**
 * The order of the output: the highest count first, equal counts by the code points of their words. Not by {@link
 * String#compareTo}, which sees UTF-16 and so puts what lies beyond the basic plane before U+E000.
 */
final class Ranking {
    private static final Comparator<KeyValue<String, Long>> ORDER = Comparator.comparingLong(
                    (KeyValue<String, Long> count) -> -count.value())
            .thenComparing(KeyValue::key, Ranking::compareCodePoints);

    private Ranking() {}

    static List<KeyValue<String, Long>> of(List<KeyValue<String, Long>> counts) {
        return counts.stream().sorted(ORDER).toList();
    }

    /** For well-formed strings: where they differ first, a surrogate stands for more than any other char. */
    static int compareCodePoints(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Integer.compare(place(x), place(y));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int place(char c) {
        return Character.isSurrogate(c) ? Character.MIN_SUPPLEMENTARY_CODE_POINT + c : c;
    }
}
