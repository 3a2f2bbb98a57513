package dev.sage.client.wire;

import dev.sage.api.JobState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job in lists.
 *
 * @param owner who submitted it
 * @param attempt 1, and one more for each restart after the loss of a node
 * @param taskCount tasks that have not ended; 0 once the job has
 * @param serviceCount services that run; 0 once the job has ended, kept ones excepted
 * @param running whether it has not ended
 * @param clean null before the end
 * @param cause why it is in its state, null when there is nothing to say: what it waits for, or how it came to its end
 * @param key the idempotency key of its submission
 */
public record JobView(
        String id,
        String name,
        String owner,
        JobState state,
        boolean autostop,
        boolean detached,
        int priority,
        int attempt,
        int taskCount,
        int serviceCount,
        boolean running,
        @Nullable Boolean clean,
        @Nullable String cause,
        @Nullable String key,
        Instant submittedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {
    /** The same with another {@link #cause}. */
    public JobView because(String why) {
        return new JobView(
                id,
                name,
                owner,
                state,
                autostop,
                detached,
                priority,
                attempt,
                taskCount,
                serviceCount,
                running,
                clean,
                why,
                key,
                submittedAt,
                startedAt,
                endedAt);
    }
}
