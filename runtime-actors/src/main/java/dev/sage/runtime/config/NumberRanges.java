package dev.sage.runtime.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as people write them: {@code 0-3,7}. */
public final class NumberRanges {
    private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,6})(?:\\s*-\\s*(\\d{1,6}))?\\s*");

    private NumberRanges() {}

    /** In their order, each once; none for a blank text. */
    public static List<Integer> parse(String key, String text, int min, int max) {
        if (text.isBlank()) {
            return List.of();
        }
        Set<Integer> numbers = new LinkedHashSet<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw Checked.invalid(key + " is \"" + text + "\"; it must be numbers and ranges with commas between"
                        + " them, as in \"0-3,7\".");
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (first > last || first < min || last > max) {
                throw Checked.invalid(key + " is \"" + text + "\"; \"" + part.strip() + "\" must go upwards, from "
                        + min + " to " + max + ".");
            }
            for (int number = first; number <= last; number++) {
                if (!numbers.add(number)) {
                    throw Checked.invalid(key + " is \"" + text + "\", and names " + number + " twice.");
                }
            }
        }
        return List.copyOf(numbers);
    }

    /** Lists of them, with semicolons between. */
    static List<List<Integer>> parseGroups(String key, String text, int min, int max) {
        List<List<Integer>> groups = new ArrayList<>();
        for (String group : text.isBlank() ? new String[0] : text.split(";", -1)) {
            groups.add(parse(key, group, min, max));
        }
        return groups;
    }
}
