package dev.sage.samples.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobResult;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.testkit.SageTest;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class JudgeTest {
    private static final Path DATA = Path.of("data", "judge");

    @TempDir
    private Path folder;

    @SageTest
    void theAnswersOfTheSampleAreScoredInTheirOrderAndTheJudgeIsGoneAfterwards(LocalEnvironment env) throws Exception {
        Results<Candidate.Graded> graded = Judge.graded(env, DATA.resolve("answers.jsonl"), DATA.resolve("judge.py"))
                .collect();

        JobResult result = env.run();

        assertThat(graded.list())
                .extracting(Candidate.Graded::answer)
                .containsExactly("Augustin Fresnel", "A tower of stone, the Pharos.", "Most of the time.");
        // Two of two words; one of four and one of one; none.
        assertThat(graded.list()).extracting(Candidate.Graded::score).containsExactly(1.0, 0.4, 0.0);
        assertThat(result.clean()).isTrue();
        assertThat(result.cleanup().lines())
                .extracting(CleanupReport.Line::kind)
                .contains("service", "port");
    }

    @SageTest
    void aJudgeThatDoesNotStartFailsTheJobWithItsLastLines(LocalEnvironment env) throws Exception {
        Path script = Files.writeString(folder.resolve("broken.py"), "raise SystemExit('no model is left')\n");
        Judge.graded(env, DATA.resolve("answers.jsonl"), script).collect();

        assertThatThrownBy(env::run)
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("'judge'")
                .hasMessageContaining("no model is left");
    }

    @Test
    void aMissingScriptIsNamedBeforeAnythingStarts() {
        assertThatThrownBy(() -> Judge.main(
                        new String[] {"--answers", DATA.resolve("answers.jsonl").toString(), "--judge", "missing.py"}))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("missing.py");
    }
}
