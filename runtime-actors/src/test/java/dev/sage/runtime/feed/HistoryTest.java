package dev.sage.runtime.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobEvent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The history is bounded, and what is gone is counted. */
class HistoryTest {
    private final History<JobEvent> history =
            new History<JobEvent>(3, (missed, oldest) -> new JobEvent.Missed(oldest.at(), missed));

    @Test
    void everyReaderGetsAllEventsInOrder() {
        add(1, 3);
        History<JobEvent>.Reader early = history.reader();
        assertThat(early.next()).isEqualTo(event(1));
        assertThat(early.next()).isEqualTo(event(2));
        assertThat(early.next()).isEqualTo(event(3));
        assertThat(early.next()).isNull();
        add(4, 4);
        assertThat(early.next()).isEqualTo(event(4));
        assertThat(early.next()).isNull();
    }

    @Test
    void readerThatIsLateHearsHowManyItMissed() {
        add(1, 8);
        History<JobEvent>.Reader reader = history.reader();
        assertThat(reader.next()).isEqualTo(new JobEvent.Missed(event(6).at(), 5));
        assertThat(reader.next()).isEqualTo(event(6));
        add(9, 11);
        assertThat(reader.next()).isEqualTo(new JobEvent.Missed(event(9).at(), 2));
        assertThat(reader.next()).isEqualTo(event(9));
        assertThat(reader.next()).isEqualTo(event(10));
        assertThat(reader.next()).isEqualTo(event(11));
        assertThat(reader.next()).isNull();
    }

    private void add(int from, int to) {
        for (int n = from; n <= to; n++) {
            history.add(event(n));
        }
    }

    private static JobEvent event(int n) {
        return new JobEvent.TaskStarted(Duration.ofMillis(n), "task-" + n);
    }
}
