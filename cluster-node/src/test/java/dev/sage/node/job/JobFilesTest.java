package dev.sage.node.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.node.NodeException;
import dev.sage.runtime.config.SageSettings;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of jobs are there as long as somebody may ask for them, and no longer. */
class JobFilesTest {
    @TempDir
    Path folder;

    @Test
    void graphIsKeptUntilItIsDeleted() throws Exception {
        JobFiles files = JobFiles.open(folder);
        files.saveGraph("0a", new byte[] {1, 2});

        assertThat(JobFiles.open(folder).graph("0a")).containsExactly(1, 2);
        assertThat(files.hasGraph("0a")).isTrue();
        assertThatThrownBy(() -> files.saveGraph("0a", new byte[] {3})).isInstanceOf(FileAlreadyExistsException.class);
        files.deleteGraph("0a");
        files.deleteGraph("0a");
        assertThat(files.hasGraph("0a")).isFalse();
    }

    @Test
    void onlyGraphsOfLiveAndResultsOfKnownJobsStay() throws Exception {
        JobFiles files = JobFiles.open(folder);
        for (String id : new String[] {"live", "known", "gone"}) {
            files.saveGraph(id, new byte[0]);
            try (OutputStream out = files.collect(id, "sums")) {
                out.write(1);
            }
        }

        files.deleteOthers("live"::equals, "known"::equals);

        assertThat(folder.resolve("graphs")).isDirectoryContaining("glob:**/live");
        assertThat(folder.resolve("graphs/known")).doesNotExist();
        assertThat(folder.resolve("graphs/gone")).doesNotExist();
        assertThat(files.collected("live", "sums")).isNotEmptyFile();
        assertThat(files.collected("known", "sums")).isNotEmptyFile();
        assertThat(folder.resolve("jobs/gone")).doesNotExist();
    }

    @Test
    void anyNameOfAnOperatorIsTheNameOfAFile() throws Exception {
        JobFiles files = JobFiles.open(folder);
        String name = "../../" + "x".repeat(1_000);
        files.collect("0a", name).close();

        assertThat(files.collected("0a", name))
                .hasParent(folder.resolve("jobs/0a"))
                .exists();
        assertThatThrownBy(() -> files.existing(files.collected("0a", "other"), "What 'other' collected"))
                .isInstanceOf(NodeException.class)
                .hasMessage("What 'other' collected is not there.");
    }

    @Test
    void printedLinesAreInTheFileUpToTheClose() throws Exception {
        Path file = folder.resolve("0a/print.log");
        PrintLog log = new PrintLog(file, SageSettings.load(Map.of()).process());
        assertThat(log.isUsed()).isFalse();
        log.use();
        log.print("one");
        log.print("two");
        log.close();
        log.print("too late");
        log.close();

        assertThat(log.isUsed()).isTrue();
        assertThat(Files.readString(file)).isEqualTo("one\ntwo\n");
    }
}
