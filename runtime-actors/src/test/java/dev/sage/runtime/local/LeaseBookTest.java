package dev.sage.runtime.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobLeases;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.schedule.ScheduleCommand;
import dev.sage.runtime.core.schedule.ScheduleEffect;
import dev.sage.runtime.core.schedule.Share;
import dev.sage.runtime.core.schedule.Thing;
import dev.sage.runtime.node.Outside;
import dev.sage.runtime.resource.Leases;
import dev.sage.runtime.resource.Ledger;
import dev.sage.runtime.resource.SageHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPUs that nothing looks at, so that only the book knows who uses them. */
class LeaseBookTest {
    private static final ScheduleEffect.Acquire WANTED =
            new ScheduleEffect.Acquire("j", Map.of("llm", new Share(List.of(0), List.of())), Map.of());

    @TempDir
    private Path folder;

    private Ledger ledger;
    private Optional<String> users = Optional.empty();
    private LeaseBook book;

    @BeforeEach
    void open() {
        SageSettings settings = SageSettings.load(Map.of(
                "sage.gpus.idle-check.when",
                "off",
                "sage.locks-folder",
                folder.resolve("locks").toString()));
        ledger = Ledger.open(new SageHome(folder.resolve("home")));
        book = new LeaseBook(new Leases(settings.leases(), ledger, mark -> List.of()), (job, holder) -> users);
    }

    @AfterEach
    void nothingIsHeld() {
        assertThat(ledger.entries()).isEmpty();
        ledger.close();
    }

    @Test
    void aGpuIsNotGivenOnAsLongAsAProcessOfItsHolderIsLeft() throws Exception {
        assertThat(book.acquire(WANTED)).isEqualTo(new ScheduleCommand.Acquired("j"));
        users = Optional.of("pid 7 did not end");

        Outside.Release release = book.release("j", holder -> true);

        assertThat(release.troubles())
                .singleElement()
                .asString()
                .contains("GPU 0")
                .contains("pid 7 did not end");
        assertThat(release.lines())
                .singleElement()
                .satisfies(line -> assertThat(line.outcome()).isEqualTo(CleanupReport.Outcome.FAILED));
        assertThat(book.free(List.of(Thing.gpu(0)))).isEmpty();
        users = Optional.empty();
        assertThat(book.free(List.of(Thing.gpu(0)))).containsExactly(Thing.gpu(0));
    }

    @Test
    void whatIsAcquiredAfterTheCloseIsGivenBackAtOnce() throws Exception {
        assertThat(book.close()).isEmpty();
        assertThat(book.acquire(WANTED))
                .isEqualTo(new ScheduleCommand.AcquireImpossible("j", "its environment was closed"));
        assertThat(book.of("j", "llm")).isEqualTo(JobLeases.Lease.NONE);
    }
}
