package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.DataStream;
import dev.sage.api.Feedback;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The example of {@code docs/guide/feedback.md} is the one that runs here. */
class FeedbackGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "guide", "feedback.md");
    private static final Path SELF =
            Path.of("src", "test", "java", "dev", "sage", "acceptance", "FeedbackGuideTest.java");

    @SageTest
    void theExampleVisitsEveryPageOnce(LocalEnvironment env) throws InterruptedException {
        Map<String, List<String>> links = Map.of(
                "home", List.of("news", "about"),
                "news", List.of("home", "archive"),
                "about", List.of("home"),
                "archive", List.of("news"),
                "island", List.of("home"));
        // begin of the example
        Set<String> seen = ConcurrentHashMap.newKeySet();

        Feedback<String> found = env.fromCollection(List.of("home")).feedback("crawl");
        DataStream<String> pages = found.filter(seen::add);
        found.closeWith(pages.mapAsync(8, links::get).flatMap(next -> next));

        Results<String> visited = pages.collect();
        env.run(); // returns when no page is waiting and no call is in flight
        // end of the example
        assertThat(visited).containsExactlyInAnyOrder("home", "news", "about", "archive");
    }

    @Test
    void theGuideShowsThisExample() throws IOException {
        String source = Files.readString(SELF);
        String example = source.substring(
                source.indexOf('\n', source.indexOf("// begin of the example")) + 1,
                source.indexOf("        // end of the example"));
        assertThat(GUIDE).content().contains("```java\n" + example.indent(-8) + "```");
    }
}
