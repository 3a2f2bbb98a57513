package dev.sage.samples.wordcount;

import dev.sage.api.KeyValue;
import java.util.List;

/**
 * Counts and words as two columns. The count comes first, so that the columns stay aligned whatever width a terminal
 * gives to the letters of a word.
 */
final class CountTable {
    private static final String HEADING = "count";

    private CountTable() {}

    static String of(List<KeyValue<String, Long>> rows) {
        if (rows.isEmpty()) {
            return "There are no words." + System.lineSeparator();
        }
        int width = HEADING.length();
        for (KeyValue<String, Long> row : rows) {
            width = Math.max(width, row.value().toString().length());
        }
        StringBuilder table = new StringBuilder();
        line(table, width, HEADING, "word");
        for (KeyValue<String, Long> row : rows) {
            line(table, width, row.value().toString(), row.key());
        }
        return table.toString();
    }

    private static void line(StringBuilder table, int width, String count, String word) {
        table.append(" ".repeat(width - count.length()))
                .append(count)
                .append("  ")
                .append(word);
        table.append(System.lineSeparator());
    }
}
