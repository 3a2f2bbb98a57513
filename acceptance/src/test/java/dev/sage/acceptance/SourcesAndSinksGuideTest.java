package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.DataStream;
import dev.sage.api.InputFiles;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Rate;
import dev.sage.api.Results;
import dev.sage.api.Sinks;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/guide/sources-and-sinks.md, word by word. */
@SageTest
class SourcesAndSinksGuideTest {
    @TempDir
    private Path folder;

    @Test
    void everyExampleOfTheGuideIsHere() throws IOException {
        String self = Files.readString(Path.of("src/test/java/dev/sage/acceptance/SourcesAndSinksGuideTest.java"));
        Matcher example = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/guide/sources-and-sinks.md")));
        int examples = 0;
        for (; example.find(); examples++) {
            assertThat(self).containsIgnoringWhitespaces(example.group(1));
        }
        assertThat(examples).isEqualTo(5);
    }

    @Test
    void textFiles(LocalEnvironment env) throws Exception {
        write("logs/a/2.txt", "two\n");
        write("logs/1.txt", "one\n");
        DataStream<String> lines = env.fromFiles(folder + "/logs/**.txt");
        Results<String> results = lines.collect();
        env.run();
        assertThat(results).containsExactly("one", "two");
    }

    @Test
    void jsonLines(LocalEnvironment env) throws Exception {
        write("visits.jsonl", "{\"page\":\"a\",\"seconds\":61}\n{\"page\":\"b\",\"seconds\":6}\n");
        record Visit(String page, int seconds) {}

        DataStream<Visit> visits = env.fromJsonLines(folder.resolve("visits.jsonl"), Visit.class);
        visits.filter(visit -> visit.seconds() > 60).sink(Sinks.jsonLines(folder.resolve("long.jsonl")));
        env.run();
        assertThat(folder.resolve("long.jsonl")).hasContent("{\"page\":\"a\",\"seconds\":61}\n");
    }

    @Test
    void csv(LocalEnvironment env) throws Exception {
        write("cities.csv", "people,name,motto\n8800000,\"London, \"\"the\"\" city\",\n30000,Bath,\"\"\n");
        record City(String name, int people, @Nullable String motto) {}

        env.fromCsv(folder.resolve("cities.csv"), City.class)
                .filter(city -> city.people() > 1_000_000)
                .sink(Sinks.csv(folder.resolve("large.csv"), City.class));
        env.run();
        assertThat(folder.resolve("large.csv"))
                .hasContent("name,people,motto\n\"London, \"\"the\"\" city\",8800000,\n");
    }

    @Test
    void severalFiles(LocalEnvironment env) throws Exception {
        write("cities/a.csv", "name\nLondon\n");
        write("cities/b.csv", "name\nBath\n");
        record City(String name) {}

        DataStream<City> cities = env.fromCsv(InputFiles.matching(folder + "/cities/*.csv"), City.class)
                .parallelism(2);
        Results<City> results = cities.collect();
        env.run();
        assertThat(results).containsExactlyInAnyOrder(new City("London"), new City("Bath"));
    }

    @Test
    void generator(LocalEnvironment env) throws Exception {
        DataStream<String> ticks = env.generate(Rate.perSecond(500), 1_000, n -> "tick " + n);
        Results<String> results = ticks.collect();
        long begin = System.nanoTime();
        env.run();
        // The last record is due 999/500 seconds after the start.
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(1_998_000_000L);
        assertThat(results).hasSize(1_000).startsWith("tick 0", "tick 1").endsWith("tick 999");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
