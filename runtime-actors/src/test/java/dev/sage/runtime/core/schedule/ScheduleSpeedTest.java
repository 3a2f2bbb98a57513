package dev.sage.runtime.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ScheduleSpeedTest {
    private static final int WAITING = 10_000;
    private static final int ROUNDS = 10_000;

    private Schedule schedule = Schedule.of(
            new ScheduleLimits(1_000, WAITING + 1_000, 1_000, 8, Duration.ofSeconds(60), 1_000),
            Pool.gpus(IntStream.range(0, 8).boxed().toList(), List.of()),
            Pool.ports(IntStream.range(20_000, 30_000).boxed().toList()));
    private long nowNs;

    /** It takes about a second; it would take minutes if each command copied, or asked, all that wait. */
    @Test
    @Timeout(20)
    void costOfACommandDoesNotGrowWithThoseThatWait() {
        for (int i = 0; i < WAITING + 4; i++) {
            submit(i);
        }
        for (int i = 0; i < ROUNDS; i++) {
            String job = "job-" + i;
            tell(new ScheduleCommand.Ended(job, Set.of()));
            tell(new ScheduleCommand.Released(job, Set.of("llm")));
            submit(WAITING + 4 + i);
            assertThat(schedule.waiting()).isEqualTo(WAITING);
        }
    }

    private void submit(int i) {
        tell(new ScheduleCommand.Submit(
                new Submission("job-" + i, "owner-" + i % 20, 0, nowNs, Demand.of("llm", 2, 1))));
    }

    private void tell(ScheduleCommand command) {
        nowNs++;
        Schedule.Step step = schedule.on(command, nowNs);
        schedule = step.schedule();
        for (ScheduleEffect effect : step.effects()) {
            if (effect instanceof ScheduleEffect.Acquire acquire) {
                tell(new ScheduleCommand.Acquired(acquire.job()));
            }
        }
    }
}
