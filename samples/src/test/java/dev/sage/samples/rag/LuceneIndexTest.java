package dev.sage.samples.rag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sage.api.ServiceContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneIndexTest {
    private static final ServiceContext CONTEXT = new ServiceContext() {
        @Override
        public String name() {
            return "index";
        }

        @Override
        public String jobId() {
            return "job";
        }
    };

    @TempDir
    private Path folder;

    @Test
    void theBestPassageComesFirstWithItsSource() throws Exception {
        Path cats = Files.writeString(folder.resolve("cats.txt"), "Cats sleep most of the day.\n\nThey hunt at night.");
        Path dogs =
                Files.writeString(folder.resolve("dogs.txt"), "Dogs guard the house.\n\nA dog may hunt with people.");
        LuceneIndex index = new LuceneIndex(List.of(cats, dogs));
        index.init(CONTEXT);
        index.start();

        List<Passage> found = index.search("Which dogs are hunting?", 3);

        assertThat(found)
                .extracting(Passage::text)
                .startsWith("A dog may hunt with people.")
                .hasSize(3);
        assertThat(found.get(0).source()).isEqualTo("dogs.txt");
        assertThat(found).extracting(Passage::score).isSortedAccordingTo((a, b) -> Float.compare(b, a));
        assertThat(index.search("zebra", 3)).isEmpty();
        assertThat(index.search("?!", 3)).isEmpty();
        index.cleanup();
    }

    @Test
    void cleanUpWorksWhateverWasNotReached() {
        LuceneIndex neverInitialized = new LuceneIndex(List.of());

        assertThatCode(neverInitialized::cleanup).doesNotThrowAnyException();
    }
}
