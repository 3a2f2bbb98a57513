package dev.sage.samples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.KeyValue;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordCountTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void countsAreExactForEveryParallelism(int parallelism) throws Exception {
        Map<String, Long> expected = new HashMap<>();
        List<Path> files = List.of(randomFile("a.txt", expected), randomFile("b.txt", expected));

        assertThat(counts(files, parallelism)).isEqualTo(expected);
    }

    @Test
    void malformedBytesDivideWords() throws Exception {
        Path file = folder.resolve("latin1.txt");
        Files.write(file, "na\u00efve word".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(counts(List.of(file), 1)).isEqualTo(Map.of("na", 1L, "ve", 1L, "word", 1L));
    }

    @Test
    void aLineWithMoreWordsThanBuffersHoldIsCounted() throws Exception {
        Path file = folder.resolve("one-line.txt");
        Files.writeString(file, "again ".repeat(1_200_000));

        assertThat(counts(List.of(file), 2)).isEqualTo(Map.of("again", 1_200_000L));
    }

    @Test
    void anEmptyFileHasNoWords() throws Exception {
        assertThat(counts(List.of(Files.createFile(folder.resolve("empty.txt"))), 2))
                .isEmpty();
    }

    private static Map<String, Long> counts(List<Path> files, int parallelism) throws InterruptedException {
        try (LocalEnvironment env = LocalEnvironment.create("word-count-test")) {
            Results<KeyValue<String, Long>> counts = WordCount.counts(env, files, parallelism);
            env.run();
            return counts.list().stream().collect(Collectors.toMap(KeyValue::key, KeyValue::value));
        }
    }

    private Path randomFile(String name, Map<String, Long> expected) throws Exception {
        Random random = new Random(name.hashCode());
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            List<String> words = new ArrayList<>();
            for (int n = random.nextInt(12); n > 0; n--) {
                String word = "w" + (int) Math.abs(random.nextGaussian() * 200);
                expected.merge(word, 1L, Long::sum);
                words.add(random.nextBoolean() ? word : word.toUpperCase(java.util.Locale.ROOT));
            }
            lines.add(String.join(random.nextBoolean() ? " " : ", ", words));
        }
        return Files.write(folder.resolve(name), lines);
    }
}
