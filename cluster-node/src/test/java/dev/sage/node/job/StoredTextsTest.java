package dev.sage.node.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobEvent;
import dev.sage.api.JobState;
import dev.sage.client.wire.JobView;
import dev.sage.node.job.Jobs.Numbered;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The history shows a job whatever its texts are. */
class StoredTextsTest {
    private static final Instant END = Instant.parse("2026-11-21T12:00:00Z");

    private static JobView view(JobState state) {
        return new JobView(
                "0badcafe", "job", "someone", state, true, true, 0, 1, 0, 0, false, true, "why", null, END, END, END);
    }

    @Test
    void eventsKeepTheirNumbers() {
        List<JobEvent> events = List.of(
                new JobEvent.StateChanged(Duration.ZERO, JobState.QUEUED, JobState.RUNNING, "its turn"),
                new JobEvent.Waiting(Duration.ofSeconds(1), "for a GPU"));
        FinishedJob job = finished(StoredTexts.events(new StoredTexts.Events(7, 0, events)));

        assertThat(StoredTexts.events(job).after(0))
                .containsExactly(new Numbered<>(7, events.get(0)), new Numbered<>(8, events.get(1)));
        assertThat(StoredTexts.events(job).after(7)).containsExactly(new Numbered<>(8, events.get(1)));
        assertThat(StoredTexts.events(job).after(8)).isEmpty();
    }

    @Test
    void whatWasNotKeptIsMissedByThoseWhoHaveNotHadIt() {
        List<JobEvent> events = List.of(new JobEvent.Waiting(Duration.ofSeconds(1), "for a GPU"));
        FinishedJob job = finished(StoredTexts.events(new StoredTexts.Events(1_007, 6, events)));
        Numbered<JobEvent> kept = new Numbered<>(1_007, events.get(0));

        assertThat(StoredTexts.events(job).after(0)).containsExactly(missed(6), kept);
        assertThat(StoredTexts.events(job).after(1_004)).containsExactly(missed(2), kept);
        assertThat(StoredTexts.events(job).after(1_006)).containsExactly(kept);
    }

    private static Numbered<JobEvent> missed(long count) {
        return new Numbered<>(1_006, new JobEvent.Missed(Duration.ZERO, count));
    }

    /** They told no number of those that were gone. */
    @Test
    void eventsThatOlderNodesStoredAreTold() {
        FinishedJob job = finished(
                "{\"first\": 7, \"events\": [{\"type\": \"waiting\", \"at\": \"PT1S\", \"reason\": \"for a GPU\"}]}");

        assertThat(StoredTexts.events(job).after(0))
                .extracting(Numbered::number)
                .containsExactly(7L);
    }

    private static FinishedJob finished(String events) {
        return new FinishedJob(view(JobState.FAILED), "", events);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"first\": \"x\"}"})
    void unreadableTextsLeaveTheEnd(String text) {
        FinishedJob job = new FinishedJob(view(JobState.FAILED), text, text);

        assertThat(StoredTexts.details(job).job()).isEqualTo(job.view());
        assertThat(StoredTexts.details(job).result().failure()).isPresent();
        List<Numbered<JobEvent>> events = StoredTexts.events(job).after(0);
        assertThat(events.get(events.size() - 1).value()).isInstanceOf(JobEvent.Ended.class);
        assertThat(events.get(0).number()).isEqualTo(END.toEpochMilli() << 20);
    }
}
