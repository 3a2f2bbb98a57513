package com.example.words;

import dev.sage.api.KeyValue;
import dev.sage.api.LocalEnvironment;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Prints how often each word of a file occurs, the most frequent ones first. */
public final class TopWords {
    private TopWords() {}

    public static void main(String[] args) throws Exception {
        try (LocalEnvironment env = LocalEnvironment.create("words")) {
            count(env, Path.of(args[0])).forEach(word -> System.out.println(word.key() + " " + word.value()));
        }
    }

    static List<KeyValue<String, Long>> count(LocalEnvironment env, Path file) throws InterruptedException {
        var counts = env.fromFile(file)
                .flatMap(line -> List.of(line.split(" ")))
                .keyBy(word -> word)
                .count()
                .parallelism(2)
                .collect();
        env.run();
        return counts.list().stream()
                .sorted(Comparator.comparing((KeyValue<String, Long> word) -> -word.value())
                        .thenComparing(KeyValue::key))
                .toList();
    }
}
