package dev.sage.samples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {

    @Test
    void aWordIsAMaximalRunOfLettersAndDigitsInLowerCase() {
        assertThat(words("The 2nd  quick-brown fox's den_2, END"))
                .containsExactly("the", "2nd", "quick", "brown", "fox", "s", "den", "2", "end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t--- !?", "\uFFFD", "½ ² Ⅷ ①"})
    void whatIsNeitherLetterNorDecimalDigitIsNoWord(String text) {
        assertThat(words(text)).isEmpty();
    }

    @Test
    void lettersBeyondTheBasicPlaneAreLetters() {
        String deseret = new StringBuilder()
                .appendCodePoint(0x10400) // capital long I
                .appendCodePoint(0x10428) // small long I
                .toString();
        String emoji = Character.toString(0x1F600);

        assertThat(words("a" + deseret + emoji + "b"))
                .containsExactly("a" + Character.toString(0x10428).repeat(2), "b");
    }

    @Test
    void aLoneSurrogateDividesWords() {
        assertThat(words("a\uD801b\uDC00c")).containsExactly("a", "b", "c");
    }

    @Test
    void sigmaAtTheEndOfAWordIsFinal() {
        assertThat(words("ὈΔΥΣΣΕΎΣ ΣΟΦΌΣ")).containsExactly("ὀδυσσεύς", "σοφός");
    }

    @Test
    void combiningMarksDivideWordsAsTheyAreNoLetters() {
        assertThat(words("cafe\u0301s café")).containsExactly("cafe", "s", "café");
    }

    @Test
    void decimalDigitsOfEveryScriptCount() {
        assertThat(words("٣٤ x१२ 7")).containsExactly("٣٤", "x१२", "7");
    }

    @Test
    void lowerCaseDoesNotDependOnTheLocaleOfTheMachine() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(words("TITLE")).containsExactly("title");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void randomTextGivesTheSameAsThePlainDefinition() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String text = randomText(random);
            assertThat(words(text)).as("seed %s, text %s", seed, text).isEqualTo(plainly(text));
        }
    }

    @Test
    void thereIsNothingAfterTheLastWord() {
        Words words = new Words("one.");
        words.next();

        assertThat(words.hasNext()).isFalse();
        assertThatThrownBy(words::next).isInstanceOf(NoSuchElementException.class);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        new Words(text).forEachRemaining(words::add);
        return words;
    }

    /** The definition, word for word: by code points, without a short cut. */
    private static List<String> plainly(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        text.codePoints().forEach(codePoint -> {
            if (Character.isLetter(codePoint) || Character.getType(codePoint) == Character.DECIMAL_DIGIT_NUMBER) {
                word.appendCodePoint(codePoint);
            } else if (word.length() > 0) {
                words.add(word.toString().toLowerCase(Locale.ROOT));
                word.setLength(0);
            }
        });
        if (word.length() > 0) {
            words.add(word.toString().toLowerCase(Locale.ROOT));
        }
        return words;
    }

    /** Half ASCII, the rest from anywhere, lone surrogates too. */
    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(40); n > 0; n--) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> text.append((char) random.nextInt(128));
                case 3 -> text.append((char) random.nextInt(0x3000));
                case 4 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                default -> text.append((char) (Character.MIN_SURROGATE + random.nextInt(0x800)));
            }
        }
        return text.toString();
    }
}
