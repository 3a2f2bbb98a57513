package dev.sage.samples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The code in {@code docs/guide} is code that runs: each block stands below {@code <!-- TestClass#marker -->}, and is what
 * is between {@code // guide: marker} and {@code // guide end} in that class of this package. With {@code
 * -Dsage.docs.write=true} the blocks are written anew.
 */
class GuideTest {
    private static final Path GUIDE = Path.of("../docs/guide");
    private static final Path CODE = Path.of("src/test/java/dev/sage/samples/guide");
    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- (\\w+)#([\\w-]+) -->\n)?```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SNIPPET =
            Pattern.compile("^ *// guide: ([\\w-]+)\n(.*?)^ *// guide end$", Pattern.DOTALL | Pattern.MULTILINE);

    /** Their examples are compared with acceptance tests, by the tests named after them. */
    private static final Set<String> CHECKED_ELSEWHERE =
            Set.of("feedback.md", "processes.md", "services.md", "sources-and-sinks.md");
    /** Their examples cannot run here. What the one of remote.md does, RemoteJobsTest does with a node. */
    private static final Set<String> NEED_A_NODE = Set.of("remote.md");

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(GUIDE)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file ->
                            !CHECKED_ELSEWHERE.contains(file.getFileName().toString()))
                    .filter(file -> !NEED_A_NODE.contains(file.getFileName().toString()))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void eachBlockOfCodeIsOneThatRuns(Path page) throws IOException {
        String text = Files.readString(page);
        String expected =
                BLOCK.matcher(text).replaceAll(block -> Block.of(block).replacement());
        if (Boolean.getBoolean("sage.docs.write")) {
            Files.writeString(page, expected);
        } else {
            assertThat(text).isEqualTo(expected);
        }
    }

    @Test
    void eachPieceOfCodeStandsInTheGuide() throws IOException {
        StringBuilder guide = new StringBuilder();
        for (Path page : pages()) {
            guide.append(Files.readString(page));
        }
        try (Stream<Path> classes = Files.list(CODE)) {
            for (Path file : classes.toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                snippets(name)
                        .keySet()
                        .forEach(marker -> assertThat(guide).contains("<!-- " + name + "#" + marker + " -->"));
            }
        }
    }

    private record Block(String name, String marker) {
        static Block of(MatchResult block) {
            assertThat(block.group(1))
                    .as("the <!-- TestClass#marker --> above: %s", block.group())
                    .isNotNull();
            return new Block(block.group(1), block.group(2));
        }

        String replacement() {
            String code = snippets(name).get(marker);
            assertThat(code).as("the code of %s#%s", name, marker).isNotNull();
            return Matcher.quoteReplacement("<!-- " + name + "#" + marker + " -->\n```java\n" + code + "```");
        }
    }

    private static Map<String, String> snippets(String className) {
        Map<String, String> snippets = new LinkedHashMap<>();
        try {
            SNIPPET.matcher(Files.readString(CODE.resolve(className + ".java")))
                    .results()
                    .forEach(snippet -> snippets.put(snippet.group(1), code(snippet.group(2))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return snippets;
    }

    private static String code(String snippet) {
        // Without the last line end, which would count as a line without indentation.
        return snippet.stripTrailing().stripIndent() + "\n";
    }
}
