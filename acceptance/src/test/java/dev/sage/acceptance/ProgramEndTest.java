package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.acceptance.SageProcess.Ended;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A main that forgets its environment, or never gets to closing it: the end of the JVM cleans up. */
@EnabledOnOs(OS.LINUX)
class ProgramEndTest {
    @TempDir
    private Path folder;

    private Outdoors outdoors;

    @BeforeEach
    void outside() throws Exception {
        SageProcess.prepare();
        outdoors = new Outdoors(folder);
    }

    @ParameterizedTest
    @CsvSource({"return,0", "throw,1"})
    void aPlainJavaProgramLeavesNothing(String end, int code) throws Exception {
        List<String> java = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        java.addAll(outdoors.options());
        java.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), OpenEndedProgram.class.getName()));
        leavesNothing(SageProcess.start(folder, java, end), end, code);
    }

    @ParameterizedTest
    @CsvSource({"return,0", "throw,1"})
    void aJarThatSageRunsLeavesNothing(String end, int code) throws Exception {
        String jar = ProgramJar.of(folder, OpenEndedProgram.class);
        leavesNothing(outdoors.start("run", "--jar", jar, "--class", OpenEndedProgram.class.getName(), end), end, code);
    }

    private void leavesNothing(SageProcess process, String end, int code) throws IOException, InterruptedException {
        try (process) {
            String[] words = process.nextOut().split(" ");
            assertThat(words).as("pid, port, GPUs").hasSize(3);
            assertThat(words[2]).isEqualTo("[0]");

            Ended ended = process.ended();
            assertThat(ended.code()).isEqualTo(code);
            assertThat(ended.out()).containsExactly("cleaned up");
            String bug = "a bug in main";
            assertThat(ended.err().stream().filter(line -> line.contains(bug)).count())
                    .isEqualTo(end.equals("throw") ? 1 : 0);
            outdoors.assertNothingIsLeft(List.of(Long.valueOf(words[0])), List.of(Integer.valueOf(words[1])));
        }
    }

    /** The program runs in another folder than the test. */
    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
