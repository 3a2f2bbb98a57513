package dev.sage.samples.rag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a pipeline with a service is tested with the test kit: the environment comes as a parameter, a probe watches the
 * service, and each test fails when it leaves anything behind.
 */
class IndexLifeTest {
    @TempDir
    private Path folder;

    private Path document;

    @BeforeEach
    void writeDocument() throws IOException {
        document = Files.writeString(folder.resolve("foxes.txt"), "The quick brown fox jumps over the lazy dog.\n");
    }

    @SageTest(settings = {"sage.exchange.batch-records=1", "sage.exchange.channel-batches=1"})
    void indexAnswersAllQuestionsAndIsCleanedUpAfterTheLast(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        Results<List<Passage>> answers = ask(env, probe);
        env.run();
        assertThat(answers)
                .hasSize(2)
                .allSatisfy(passages -> assertThat(passages).hasSize(1));
        assertThat(probe.life("index")).livedWholly();
    }

    @SageTest
    void cancelWhileTheIndexIsBuiltAnswersNothingAndCleansUp(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        try (Gate init = probe.hold("index", LifecycleStep.INIT)) {
            ask(env, probe);
            JobHandle job = env.submit(SubmitOptions.autostop());
            init.awaitReached();
            job.cancel();
            init.open();
            assertThat(job.awaitClean().state()).isEqualTo(JobState.CANCELLED);
        }
        assertThat(probe.life("index")).wasNeverRunning().wasCleanedUpOnce();
    }

    @SageTest
    void failureToCleanUpFailsTheJobThatWasGoodUntilThen(LocalEnvironment env, LifecycleProbe probe) {
        IOException failure = new IOException("disk full");
        probe.fail("index", LifecycleStep.CLEANUP, failure);
        ask(env, probe);
        JobFailedException thrown = catchThrowableOfType(JobFailedException.class, env::run);
        assertThat(thrown.getCause()).isSameAs(failure);
        assertThat(thrown.result().clean()).isFalse();
    }

    private Results<List<Passage>> ask(LocalEnvironment env, LifecycleProbe probe) {
        Search index = env.service("index", probe.watching("index", () -> new LuceneIndex(List.of(document))))
                .as(Search.class);
        return env.fromCollection(List.of("Which animal jumps?", "Who is lazy?"))
                .map(question -> index.search(question, 3))
                .collect();
    }
}
