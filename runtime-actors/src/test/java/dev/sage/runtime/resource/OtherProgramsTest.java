package dev.sage.runtime.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several JVMs that want the same, and die with it. */
@Tag("any-java")
class OtherProgramsTest {
    @TempDir
    private Path folder;

    private SageHome home;
    private Ledger ledger;
    private Leases leases;
    private SageProgram other;

    @BeforeEach
    void start() throws IOException {
        home = new SageHome(folder.resolve("home"));
        ledger = Ledger.open(home);
        leases = new Leases(SageProgram.settings(locks(), ""), ledger, SageProgram::endMarked);
        other = SageProgram.start(home.folder(), locks());
    }

    @AfterEach
    void end() throws Exception {
        other.close();
        new Sweep(home, locks(), SageProgram::endMarked).run();
        ledger.close();
    }

    @Test
    void gpuOfAnotherProgramIsNotToBeHadAndItsHolderIsNamed() throws Exception {
        assertThat(other.ask("gpus 0 1")).isEqualTo("granted");
        assertThat(acquire(2, 1))
                .isEqualTo(new Acquisition.Refused(List.of(new Refusal(
                        new Resource.Gpu(1),
                        "is held by job 'train' of Sage instance " + other.ask("instance") + " (pid " + other.pid()
                                + ", home '" + home.folder() + "', for 'trainer')"))));
        assertThat(ledger.entries()).isEmpty();
        assertThat(other.ask("release")).isEqualTo("[]");
        Acquisition.Granted granted = (Acquisition.Granted) acquire(2, 1);
        assertThat(other.ask("gpus 2")).contains("is held by job 'mine' of Sage instance " + ledger.instance());
        assertThat(leases.release(granted.leases().get(0))).isEmpty();
        assertThat(other.ask("gpus 2")).isEqualTo("granted");
    }

    @Test
    void ledgerOfALivingOwnerIsNotSwept() throws Exception {
        long sleeper = Long.parseLong(other.ask("spawn job"));
        SweepReport report = new Sweep(home, locks(), SageProgram::endMarked).run();
        assertThat(SageProgram.outcomes(report)).isEqualTo("OWNER_LIVES");
        assertThat(ProcessHandle.of(sleeper).orElseThrow().isAlive()).isTrue();
        assertThat(SageProgram.outcomes(new Sweep(home, locks(), SageProgram::endMarked).check()))
                .isEqualTo("OWNER_LIVES");
        other.kill();
        assertThat(SageProgram.outcomes(new Sweep(home, locks(), SageProgram::endMarked).check()))
                .isEqualTo("LEFT");
        assertThat(SageProgram.outcomes(new Sweep(home, locks(), SageProgram::endMarked).run()))
                .isEqualTo("FREED");
        assertThat(ProcessHandle.of(sleeper).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(ledgers()).isEmpty();
    }

    @Test
    void ownLedgerIsKnownToBeOfALivingOwnerByOthersEvenAfterOneOfItsThreadsWasInterrupted() throws Exception {
        Thread.currentThread().interrupt();
        LedgerEntry entry = ledger.add("mine", 1, "a", new Resource.Gpu(7));
        assertThat(Thread.interrupted()).isTrue();
        // Must not open its own file and so give up its lock.
        assertThat(new Sweep(home, locks(), SageProgram::endMarked).run().lines())
                .isEmpty();
        assertThat(new Sweep(home, locks(), SageProgram::endMarked).check().lines())
                .isEmpty();
        assertThat(other.ask("sweep")).isEqualTo("OWNER_LIVES");
        ledger.strike(entry);
    }

    @Test
    void gpuOfAKilledProgramIsHadOnlyAfterItsProcessesWereEnded() throws Exception {
        assertThat(other.ask("gpus 0")).isEqualTo("granted");
        long sleeper = Long.parseLong(other.ask("spawn train"));
        other.kill();
        Leases stuck = new Leases(SageProgram.settings(locks(), ""), ledger, mark -> List.of("process " + sleeper));
        assertThat(stuck.acquire("mine", 1, List.of(new Want("a", List.of(0), List.of(), 0)))
                        .toString())
                .contains("was last held by job 'train' of Sage instance", "may be in use by what could not be ended");
        Acquisition.Granted granted = (Acquisition.Granted) acquire(0);
        assertThat(ProcessHandle.of(sleeper).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(ledgers()).containsExactly(ledger.instance() + ".ledger");
        leases.release(granted.leases().get(0));
    }

    @Test
    void ofSeveralProgramsThatWantTheSameOneGetsIt() throws Exception {
        try (SageProgram third = SageProgram.start(home.folder(), locks())) {
            for (int round = 0; round < 20; round++) {
                // Of the ports that the system hands out to nobody.
                String command = round % 2 == 0 ? "gpus 0 1 2" : "ports 31001 31002";
                other.send(command);
                third.send(command);
                String first = other.answer();
                String second = third.answer();
                int granted = (first.equals("granted") ? 1 : 0) + (second.equals("granted") ? 1 : 0);
                // Both may have refused: each saw the other with a part.
                assertThat(granted).as("%s / %s", first, second).isLessThanOrEqualTo(1);
                (first.equals("granted") ? other : third).send(granted == 0 ? "instance" : "release");
                (first.equals("granted") ? other : third).answer();
            }
            // And nothing was lost on the way.
            assertThat(other.ask("gpus 0 1 2")).isEqualTo("granted");
            assertThat(third.ask("ports 31001 31002")).isEqualTo("granted");
        }
    }

    @Test
    void severalSweepsAtOnceFreeEverythingAndNothingOfTheLiving() throws Exception {
        try (SageProgram third = SageProgram.start(home.folder(), locks());
                SageProgram fourth = SageProgram.start(home.folder(), locks())) {
            long living = Long.parseLong(fourth.ask("spawn job"));
            for (int i = 0; i < 5; i++) {
                other.ask("spawn job" + i);
            }
            other.kill();
            third.send("sweep");
            SweepReport here = new Sweep(home, locks(), SageProgram::endMarked).run();
            String there = third.answer();
            String both = SageProgram.outcomes(here) + " " + there;
            assertThat(both.split(" ")).filteredOn("FREED"::equals).hasSize(5);
            assertThat(both).doesNotContain("FAILED").doesNotContain("LEFT");
            assertThat(ProcessHandle.of(living).orElseThrow().isAlive()).isTrue();
            assertThat(ledgers()).containsExactly(fourth.ask("instance") + ".ledger");
        }
    }

    private Acquisition acquire(Integer... gpus) throws InterruptedException {
        return leases.acquire("mine", 1, List.of(new Want("a", List.of(gpus), List.of(), 0)));
    }

    private List<String> ledgers() throws IOException {
        try (Stream<Path> files = Files.list(home.ledgers())) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    private Path locks() {
        return folder.resolve("locks");
    }
}
