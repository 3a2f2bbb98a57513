package dev.sage.node.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.client.wire.OutputLine;
import dev.sage.node.job.Jobs.Following;
import dev.sage.node.job.Jobs.Listener;
import dev.sage.node.job.Jobs.Numbered;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job of the history has written is told from its files, up to the end. */
class StoredOutputTest {
    @TempDir
    Path home;

    private TestJobs node;
    private StoredOutput stored;
    private Map<String, Path> files;

    @BeforeEach
    void start() throws Exception {
        node = TestJobs.connected(home);
        stored = new StoredOutput(new JobThreads(node.engine), 100);
        files = new TreeMap<>(Map.of(
                "one", Files.writeString(home.resolve("one.log"), "c\nd\ne"),
                "two", Files.writeString(home.resolve("two.log"), "x\n"),
                "zero", home.resolve("missing.log")));
        Files.writeString(home.resolve("one.log.1"), "b\n");
        Files.writeString(home.resolve("one.log.2"), "a\n");
    }

    @AfterEach
    void end() {
        node.close();
    }

    @Test
    void allLinesOfAllFilesAreToldTheOldestFirst() throws Exception {
        assertThat(told(0, OptionalLong.empty()))
                .containsExactly("1 one a", "2 one b", "3 one c", "4 one d", "5 one e", "6 two x");
    }

    @Test
    void whoeverResumesHearsOnlyTheRest() throws Exception {
        assertThat(told(4, OptionalLong.empty())).containsExactly("5 one e", "6 two x");
    }

    @Test
    void whoeverResumesFromTheTimeOfALiveJobHearsWhetherLinesAreMissing() throws Exception {
        long live = 1_760_000_000_000L << 20;
        assertThat(told(live + 6, OptionalLong.empty())).isEmpty();
        assertThat(told(live + 5, OptionalLong.empty()))
                .containsExactly((live + 6) + "  [lines may be left out from here on; see 'sage job logs' without -f]");
    }

    @Test
    void onlyTheOneThatIsNamedIsTold() throws Exception {
        assertThat(told(Optional.of("two"), 0, OptionalLong.empty())).containsExactly("1 two x");
    }

    @Test
    void onlyTheLastLinesOfEachAreToldWhenSoAsked() throws Exception {
        assertThat(told(0, OptionalLong.of(2))).containsExactly("1 one d", "2 one e", "3 two x");
        assertThat(told(0, OptionalLong.of(0))).isEmpty();
    }

    @Test
    void whoeverGoesAwayIsToldNoMore() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger lines = new AtomicInteger();
        Following following = stored.tell(files, Optional.empty(), 0, OptionalLong.empty(), new Listener<>() {
            @Override
            public void next(Numbered<OutputLine> value) {
                lines.incrementAndGet();
                try {
                    gone.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void end() {
                end.countDown();
            }
        });
        await().atMost(TestJobs.SOON).untilAtomic(lines, org.hamcrest.Matchers.is(1));
        following.close();
        gone.countDown();

        assertThat(end.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(lines).hasValue(1);
    }

    private List<String> told(long after, OptionalLong tail) throws InterruptedException {
        return told(Optional.empty(), after, tail);
    }

    private List<String> told(Optional<String> name, long after, OptionalLong tail) throws InterruptedException {
        BlockingQueue<Optional<String>> heard = new LinkedBlockingQueue<>();
        var unused = stored.tell(files, name, after, tail, new Listener<>() {
            @Override
            public void next(Numbered<OutputLine> line) {
                heard.add(Optional.of(line.number() + " " + line.value().name() + " "
                        + line.value().line()));
            }

            @Override
            public void end() {
                heard.add(Optional.empty());
            }
        });
        List<String> all = new ArrayList<>();
        while (true) {
            Optional<String> next = heard.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("after %s", all).isNotNull();
            if (next.isEmpty()) {
                return all;
            }
            all.add(next.get());
        }
    }
}
