package dev.sage.samples.wordcount;

import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;

/**
 * The words of a text: maximal runs of letters and decimal digits, as Unicode has them, each in lower case by itself.
 * They are found one by one, so that a long line costs no more memory than a short one. Most text is ASCII, and takes a
 * way without any look-up of Unicode properties.
 */
final class Words implements Iterator<String> {
    private static final byte BETWEEN = 0;
    private static final byte IN_LOWER_CASE = 1;
    private static final byte IN_UPPER_CASE = 2;
    private static final byte[] ASCII = asciiKinds();

    private final String text;
    private int start;
    private boolean inLowerCase;

    Words(String text) {
        this.text = text;
        skipToWord();
    }

    @Override
    public boolean hasNext() {
        return start < text.length();
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int end = endOfWord();
        String word = text.substring(start, end);
        start = end;
        boolean asItIs = inLowerCase;
        skipToWord();
        return asItIs ? word : word.toLowerCase(Locale.ROOT);
    }

    private void skipToWord() {
        int i = start;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c < ASCII.length) {
                if (ASCII[c] != BETWEEN) {
                    break;
                }
                i++;
            } else {
                int codePoint = text.codePointAt(i);
                if (Character.isLetterOrDigit(codePoint)) {
                    break;
                }
                i += Character.charCount(codePoint);
            }
        }
        start = i;
    }

    /** Also notes whether the word is known to be in lower case; for words beyond ASCII it is left to the library. */
    private int endOfWord() {
        inLowerCase = true;
        int i = start;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c < ASCII.length) {
                byte kind = ASCII[c];
                if (kind == BETWEEN) {
                    break;
                }
                inLowerCase &= kind == IN_LOWER_CASE;
                i++;
            } else {
                int codePoint = text.codePointAt(i);
                if (!Character.isLetterOrDigit(codePoint)) {
                    break;
                }
                inLowerCase = false;
                i += Character.charCount(codePoint);
            }
        }
        return i;
    }

    private static byte[] asciiKinds() {
        byte[] kinds = new byte[128];
        for (int c = 0; c < kinds.length; c++) {
            if (Character.isLetterOrDigit(c)) {
                kinds[c] = Character.isUpperCase(c) ? IN_UPPER_CASE : IN_LOWER_CASE;
            }
        }
        return kinds;
    }
}
