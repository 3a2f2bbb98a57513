package dev.sage.samples.rag;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads documents, and divides them into passages: a few sentences that belong to one paragraph. Short enough to be an
 * answer, long enough to be understood. Headings answer nothing, and are left out.
 */
final class Documents {
    private static final int SENTENCES = 4;
    private static final Pattern EMPTY_LINES = Pattern.compile("\\R(?:[ \\t]*\\R)+");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private Documents() {}

    static boolean isText(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".txt") || name.endsWith(".md");
    }

    /** Malformed bytes become U+FFFD. */
    static List<String> passages(Path document) throws IOException {
        return passages(new String(Files.readAllBytes(document), StandardCharsets.UTF_8));
    }

    static List<String> passages(String text) {
        List<String> passages = new ArrayList<>();
        for (String paragraph : EMPTY_LINES.split(text)) {
            if (paragraph.startsWith("#")) {
                continue;
            }
            List<String> sentences =
                    sentences(BLANKS.matcher(paragraph).replaceAll(" ").strip());
            for (int from = 0; from < sentences.size(); from += SENTENCES) {
                passages.add(String.join(" ", sentences.subList(from, Math.min(sentences.size(), from + SENTENCES))));
            }
        }
        return passages;
    }

    private static List<String> sentences(String paragraph) {
        BreakIterator ends = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        ends.setText(paragraph);
        List<String> sentences = new ArrayList<>();
        int start = ends.first();
        for (int end = ends.next(); end != BreakIterator.DONE; end = ends.next()) {
            sentences.add(paragraph.substring(start, end).strip());
            start = end;
        }
        return sentences;
    }
}
