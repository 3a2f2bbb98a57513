package dev.sage.samples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.KeyValue;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {

    @Test
    void theHighestCountComesFirstAndEqualCountsGoByTheirWords() {
        assertThat(Ranking.of(List.of(count("b", 1), count("c", 7), count("a", 1), count("ab", 1))))
                .extracting(KeyValue::key)
                .containsExactly("c", "a", "ab", "b");
    }

    @Test
    void whatIsBeyondTheBasicPlaneComesAfterItAndNotBetweenItsHalves() {
        String deseret = Character.toString(0x10428);
        String fullWidth = "\uFF41";

        assertThat(deseret.compareTo(fullWidth))
                .as("UTF-16 has it the other way round")
                .isNegative();
        assertThat(Ranking.of(List.of(count(deseret, 1), count(fullWidth, 1))))
                .extracting(KeyValue::key)
                .containsExactly(fullWidth, deseret);
    }

    @Test
    void theOrderIsThatOfTheCodePoints() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String a = word(random);
            String b = word(random);
            int expected =
                    Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
            assertThat(Integer.signum(Ranking.compareCodePoints(a, b)))
                    .as("seed %s: %s and %s", seed, a, b)
                    .isEqualTo(Integer.signum(expected));
        }
    }

    private static String word(Random random) {
        int[] letters = {'a', 'b', 0x3b1, 0xD7FF, 0xE000, 0xFF41, 0xFFFD, 0x10000, 0x10428, 0x20000, 0x10FFFF};
        StringBuilder word = new StringBuilder();
        for (int n = random.nextInt(4); n > 0; n--) {
            word.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return word.toString();
    }

    private static KeyValue<String, Long> count(String word, long count) {
        return new KeyValue<>(word, count);
    }
}
