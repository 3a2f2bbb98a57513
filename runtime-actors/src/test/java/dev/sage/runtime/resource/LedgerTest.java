package dev.sage.runtime.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.SageException;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @TempDir
    private Path folder;

    @Test
    void nothingIsOnTheDiskBeforeTheFirstEntryNorAfterTheLastUser() throws IOException {
        SageHome home = new SageHome(folder.resolve("home"));
        Ledger ledger = Ledger.open(home);
        assertThat(home.folder()).doesNotExist();
        LedgerEntry entry = ledger.add("job", 1, "a", new Resource.Gpu(0));
        assertThat(files(home)).containsExactly(ledger.instance() + ".ledger");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.folder())))
                .isEqualTo("rwx------");
        ledger.strike(entry);
        assertThat(files(home)).hasSize(1);
        ledger.close();
        assertThat(files(home)).isEmpty();
    }

    @Test
    void oneHomeHasOneLedgerForAllEnvironmentsOfAJvm() throws IOException {
        SageHome home = new SageHome(folder);
        Ledger first = Ledger.open(home);
        Ledger second = Ledger.open(new SageHome(folder.resolve("x/..")));
        assertThat(second).isSameAs(first);
        LedgerEntry entry = first.add("job", 1, "a", new Resource.Gpu(0));
        first.close();
        assertThat(second.strike(entry)).isTrue();
        assertThat(files(home)).hasSize(1);
        second.close();
        assertThat(files(home)).isEmpty();
    }

    @Test
    void whatIsStillHeldAfterTheLastCloseStaysWrittenDownUntilItIsStruckOff() throws IOException {
        SageHome home = new SageHome(folder);
        Ledger ledger = Ledger.open(home);
        LedgerEntry entry = ledger.add("job", 1, "a", new Resource.Gpu(0));
        ledger.close();
        assertThat(content(home, ledger).state().entries()).containsExactly(entry);
        ledger.strike(entry);
        assertThat(files(home)).isEmpty();
    }

    @Test
    void fileSaysWhatTheLedgerSays() throws IOException {
        SageHome home = new SageHome(folder);
        try (Ledger ledger = Ledger.open(home)) {
            LedgerEntry gpu = ledger.add("job", 1, "a", new Resource.Gpu(0));
            LedgerEntry process = ledger.add("job", 1, "a", new Resource.ProcessTree("m", Optional.empty()));
            ledger.spawned(process, 7, 8);
            ledger.strike(gpu);
            assertThat(content(home, ledger).state().entries()).containsExactlyElementsOf(ledger.entries());
            assertThat(ledger.entries())
                    .extracting(LedgerEntry::resource)
                    .containsExactly(new Resource.ProcessTree("m", Optional.of(new Resource.Spawned(7, 8))));
            ledger.strike(process);
        }
    }

    @Test
    void entryOfAnEarlierAttemptCannotStrikeALaterOnes() {
        try (Ledger ledger = Ledger.open(new SageHome(folder))) {
            LedgerEntry early = ledger.add("job", 1, "a", new Resource.Gpu(0));
            ledger.strike(early);
            LedgerEntry late = ledger.add("job", 2, "a", new Resource.Gpu(0));
            assertThat(ledger.strike(early)).isFalse();
            assertThat(ledger.strike(new LedgerEntry(late.number(), "job", 1, "a", late.resource())))
                    .isFalse();
            assertThat(ledger.entries()).containsExactly(late);
            assertThatThrownBy(() -> ledger.add("job", 1, "b", new Resource.Gpu(1)))
                    .isInstanceOfSatisfying(
                            SageException.class, e -> assertThat(e.code()).isEqualTo("ledger.fenced"));
            ledger.strike(late);
        }
    }

    @Test
    void fileDoesNotGrowWithWhatIsOver() throws IOException {
        SageHome home = new SageHome(folder);
        try (Ledger ledger = Ledger.open(home)) {
            LedgerEntry kept = ledger.add("kept", 1, "a", new Resource.Gpu(0));
            for (int i = 0; i < 20_000; i++) {
                ledger.strike(ledger.add("job", 1, "a", new Resource.Port(i)));
            }
            assertThat(Files.size(file(home, ledger))).isLessThan(2 << 20);
            assertThat(content(home, ledger).state().entries()).containsExactly(kept);
            ledger.strike(kept);
        }
    }

    @Test
    void homeThatCannotBeMadeIsToldWithWhatToDo() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (Ledger ledger = Ledger.open(new SageHome(file))) {
            assertThatThrownBy(() -> ledger.add("job", 1, "a", new Resource.Gpu(0)))
                    .isInstanceOfSatisfying(
                            SageException.class, e -> assertThat(e.code()).isEqualTo("home.unusable"))
                    .hasMessageContaining("'" + file + "'")
                    .hasMessageContaining("is no folder")
                    .hasMessageContaining("Set SAGE_HOME");
            assertThat(ledger.entries()).isEmpty();
        }
    }

    @Test
    void homeIsFoundInTheOrderThatIsTold() {
        Map<String, String> all = Map.of("SAGE_HOME", "/a", "XDG_STATE_HOME", "/c");
        assertThat(SageHome.find(all, Optional.of(Path.of("/b"))).folder()).isEqualTo(Path.of("/a"));
        Map<String, String> state = Map.of("XDG_STATE_HOME", "/c");
        assertThat(SageHome.find(state, Optional.of(Path.of("/b"))).folder()).isEqualTo(Path.of("/b"));
        assertThat(SageHome.find(state, Optional.empty()).folder()).isEqualTo(Path.of("/c/sage"));
        assertThat(SageHome.find(Map.of("XDG_STATE_HOME", "c"), Optional.empty())
                        .folder())
                .isEqualTo(Path.of(System.getProperty("user.home"), ".local/state/sage"));
    }

    /** Reading it from here would give up its lock: this is the last thing that a test does with a ledger. */
    private static LedgerLines.Content content(SageHome home, Ledger ledger) throws IOException {
        return LedgerLines.read(Files.readAllBytes(file(home, ledger)));
    }

    private static Path file(SageHome home, Ledger ledger) {
        return home.ledgers().resolve(ledger.instance() + LedgerFile.SUFFIX);
    }

    private static List<String> files(SageHome home) throws IOException {
        try (Stream<Path> files = Files.list(home.ledgers())) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
