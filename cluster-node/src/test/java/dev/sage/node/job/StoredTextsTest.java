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
        FinishedJob job = new FinishedJob(view(JobState.FAILED), "", StoredTexts.events(7, events));

        assertThat(StoredTexts.events(job))
                .containsExactly(new Numbered<>(7, events.get(0)), new Numbered<>(8, events.get(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"first\": \"x\"}"})
    void unreadableTextsLeaveTheEnd(String text) {
        FinishedJob job = new FinishedJob(view(JobState.FAILED), text, text);

        assertThat(StoredTexts.details(job).job()).isEqualTo(job.view());
        assertThat(StoredTexts.details(job).result().failure()).isPresent();
        List<Numbered<JobEvent>> events = StoredTexts.events(job);
        assertThat(events.get(events.size() - 1).value()).isInstanceOf(JobEvent.Ended.class);
        assertThat(events.get(0).number()).isEqualTo(END.toEpochMilli() << 20);
    }
}
