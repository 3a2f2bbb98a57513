package dev.sage.runtime.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.LedgerEvent;
import dev.sage.runtime.core.ledger.LedgerOwner;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.resource.SweepReport.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ledgers that owners left which never were, with processes that are real. */
class SweepTest {
    private static final String INSTANCE = "abc";
    private static final String MARK = "abc/job/1/judge";

    @TempDir
    private Path folder;

    private SageHome home;
    private final List<String> ended = new ArrayList<>();
    private List<String> left = List.of();

    @BeforeEach
    void makeHome() {
        home = new SageHome(folder.resolve("home"));
        home.make();
    }

    @Test
    void homeThatDoesNotExistHasNothingToSweep() throws Exception {
        SageHome none = new SageHome(folder.resolve("none"));
        assertThat(new Sweep(none, folder, mark -> List.of()).run().lines()).isEmpty();
        assertThat(none.folder()).doesNotExist();
    }

    @Test
    void linkInAHomeThatALockNamesIsNotFollowed() throws Exception {
        Ledger mine = Ledger.open(new SageHome(folder.resolve("mine")));
        LedgerEntry held = mine.add("job", 1, "judge", new Resource.Gpu(0));
        try {
            Path own = new SageHome(folder.resolve("mine")).ledgers().resolve(mine.instance() + ".ledger");
            Files.createSymbolicLink(home.ledgers().resolve("def.ledger"), own);
            assertThat(new Sweep(home, locks(), SageProgram::endMarked)
                            .run("def")
                            .lines())
                    .singleElement()
                    .asString()
                    .contains("is no file");
        } finally {
            mine.strike(held);
            mine.close();
        }
    }

    @Test
    void processesOfADeadOwnerAreEndedAndItsFileGoes() throws Exception {
        Process sleeper = SageProgram.sleeper(MARK);
        try {
            Path file =
                    write(owner(), process(1, MARK, sleeper.pid(), SageProgram.startTicks(sleeper.pid())), gpu(2, 0));
            SweepReport report = new Sweep(home, locks(), SageProgram::endMarked).run();
            assertThat(report.lines())
                    .extracting(SweepReport.Line::outcome)
                    .containsExactly(Outcome.FREED, Outcome.FREED);
            assertThat(sleeper.isAlive()).isFalse();
            assertThat(file).doesNotExist();
        } finally {
            sleeper.destroyForcibly();
        }
    }

    @Test
    void processThatOnlyHasTheNumberOfADeadOnesIsNotTouched() throws Exception {
        Process stranger = SageProgram.sleeper("other/job/1/judge");
        try {
            write(owner(), process(1, MARK, stranger.pid(), SageProgram.startTicks(stranger.pid()) - 1));
            assertThat(sweep()).isEqualTo("FREED");
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void processWithoutItsMarkIsToldAndNotEnded() throws Exception {
        Process unmarked = SageProgram.sleeper("");
        try {
            Path file = write(owner(), process(1, MARK, unmarked.pid(), SageProgram.startTicks(unmarked.pid())));
            SweepReport report = new Sweep(home, locks(), SageProgram::endMarked).run();
            assertThat(report.clean()).isFalse();
            assertThat(report.lines().get(0).reason())
                    .startsWith("process " + unmarked.pid() + " still runs, without its mark");
            assertThat(unmarked.isAlive()).isTrue();
            assertThat(file).exists();
        } finally {
            unmarked.destroyForcibly().waitFor();
        }
        assertThat(sweep()).isEqualTo("FREED");
    }

    @Test
    void whatCouldNotBeEndedKeepsTheGpuOfItsJobAndIsTriedAgain() throws Exception {
        Path file = write(owner(), process(1, MARK, 1L << 40, 1), gpu(2, 0), entry(3, "other", new Resource.Gpu(1)));
        left = List.of("process 7 waits in the kernel");
        assertThat(sweep()).isEqualTo("FAILED FAILED FREED");
        assertThat(content(file)).extracting(LedgerEntry::number).containsExactly(1L, 2L);
        left = List.of();
        assertThat(sweep()).isEqualTo("FREED FREED");
        assertThat(file).doesNotExist();
    }

    @Test
    void afterARestartOfTheMachineNoProcessIsLookedFor() throws Exception {
        LedgerOwner self = owner();
        write(new LedgerOwner(INSTANCE, self.host(), "another boot", 1, 1), process(1, MARK, 2, 3));
        assertThat(sweep()).isEqualTo("FREED");
        assertThat(ended).isEmpty();
    }

    @Test
    void ledgerOfAnotherHostIsLeftAndNamed() throws Exception {
        Path file = write(new LedgerOwner(INSTANCE, "elsewhere", "boot", 1, 1), process(1, MARK, 2, 3));
        assertThat(sweep()).isEqualTo("FOREIGN_HOST");
        assertThat(ended).isEmpty();
        assertThat(file).exists();
    }

    @Test
    void tornLastLineIsAsIfItHadNotBeenWritten() throws Exception {
        Path file = write(owner(), gpu(1, 0), process(2, MARK, 1L << 40, 1));
        byte[] torn = LedgerLines.write(new LedgerEvent.Struck(2));
        Files.write(file, Arrays.copyOf(torn, torn.length - 1), StandardOpenOption.APPEND);
        left = List.of("still there");
        assertThat(sweep()).isEqualTo("FAILED FAILED");
        left = List.of();
        assertThat(sweep()).isEqualTo("FREED FREED");
        assertThat(ended).containsExactly(MARK, MARK);
    }

    @Test
    void everyPrefixOfAFileIsSweptToNothing() throws Exception {
        byte[] all = lines(owner(), process(1, MARK, 1L << 40, 1), gpu(2, 0));
        for (int bytes = 0; bytes <= all.length; bytes += 7) {
            Path file = home.ledgers().resolve(INSTANCE + LedgerFile.SUFFIX);
            Files.write(file, Arrays.copyOf(all, bytes));
            assertThat(sweep()).matches("(FREED ?)*");
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void ledgerThatIsNotUnderstoodIsLeftAndNamedAndWhatWasUnderstoodIsFreed() throws Exception {
        Path file = write(owner(), gpu(1, 0));
        Files.writeString(file, "what?\n", StandardOpenOption.APPEND);
        SweepReport report = new Sweep(home, locks(), mark -> List.of()).run();
        assertThat(SageProgram.outcomes(report)).isEqualTo("FREED FAILED");
        assertThat(report.lines().get(1).reason()).contains("line 3 is not understood", file.toString());
        assertThat(Files.readString(file)).endsWith("what?\n");
    }

    @Test
    void checkOnlyLooks() throws Exception {
        Path file = write(owner(), process(1, MARK, 1L << 40, 1), gpu(2, 0));
        byte[] before = Files.readAllBytes(file);
        SweepReport report = new Sweep(home, locks(), mark -> {
                    ended.add(mark);
                    return left;
                })
                .check();
        assertThat(SageProgram.outcomes(report)).isEqualTo("LEFT LEFT");
        assertThat(report.clean()).isFalse();
        assertThat(ended).isEmpty();
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void unnamedFileOfAnOwnerThatDiedAtItsStartIsRemoved() throws Exception {
        Path unnamed = Files.createFile(home.ledgers().resolve("def" + LedgerFile.UNNAMED_SUFFIX));
        assertThat(sweep()).isEmpty();
        assertThat(unnamed).doesNotExist();
    }

    @Test
    void actorsOfADeadOwnerAreEndedAfterItsProcesses() throws Exception {
        Resource.RayActor gone = new Resource.RayActor("127.0.0.1:1", "sage", "job_j_1_a", false);
        Resource.RayActor left = new Resource.RayActor("127.0.0.1:1", "sage", "job_j_1_b", true);
        Path file = write(owner(), entry(1, "job", gone), entry(2, "job", left), process(3, MARK, 1L << 40, 1));
        SweepReport report = new Sweep(
                        home,
                        locks(),
                        mark -> {
                            ended.add(mark);
                            return List.of();
                        },
                        actors -> {
                            assertThat(ended).containsExactly(MARK);
                            assertThat(actors).containsExactlyInAnyOrder(gone, left);
                            return Map.of(
                                    gone, new ActorEnder.Found(true, "its cluster is gone"),
                                    left, new ActorEnder.Found(false, "it does not answer"));
                        })
                .run();
        assertThat(report.lines())
                .extracting(
                        line -> line.entry().orElseThrow().number(),
                        SweepReport.Line::outcome,
                        SweepReport.Line::reason)
                .containsExactly(
                        tuple(3L, Outcome.FREED, ""),
                        tuple(1L, Outcome.FREED, "its cluster is gone"),
                        tuple(2L, Outcome.FAILED, "it does not answer"));
        assertThat(content(file)).extracting(LedgerEntry::number).containsExactly(2L);
    }

    private String sweep() throws InterruptedException {
        return SageProgram.outcomes(new Sweep(home, locks(), mark -> {
                    ended.add(mark);
                    return left;
                })
                .run());
    }

    private Path locks() {
        return folder.resolve("locks");
    }

    private Path write(LedgerOwner owner, LedgerEntry... entries) throws IOException {
        return Files.write(home.ledgers().resolve(INSTANCE + LedgerFile.SUFFIX), lines(owner, entries));
    }

    private static byte[] lines(LedgerOwner owner, LedgerEntry... entries) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes(LedgerLines.write(new LedgerEvent.Opened(owner)));
        for (LedgerEntry entry : entries) {
            lines.writeBytes(LedgerLines.write(new LedgerEvent.Added(entry)));
        }
        return lines.toByteArray();
    }

    private static List<LedgerEntry> content(Path file) throws IOException {
        return List.copyOf(LedgerLines.read(Files.readAllBytes(file)).state().entries());
    }

    private static LedgerOwner owner() {
        LedgerOwner self = Machine.self(INSTANCE);
        return new LedgerOwner(INSTANCE, self.host(), self.bootId(), 1L << 40, 1);
    }

    private static LedgerEntry process(long number, String mark, long pid, long startTicks) {
        return entry(number, "job", new Resource.ProcessTree(mark, Optional.of(new Resource.Spawned(pid, startTicks))));
    }

    private static LedgerEntry gpu(long number, int id) {
        return entry(number, "job", new Resource.Gpu(id));
    }

    private static LedgerEntry entry(long number, String job, Resource resource) {
        return new LedgerEntry(number, job, 1, "judge", resource);
    }
}
