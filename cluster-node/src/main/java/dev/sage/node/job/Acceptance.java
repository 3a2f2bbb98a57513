package dev.sage.node.job;

import dev.sage.client.wire.JobView;
import dev.sage.node.core.RegisteredJob;

/** The answer to a submission that is in the journal. */
public sealed interface Acceptance {
    /** Whether it was there before, under the same key. */
    boolean repeated();

    /** The job has not ended. */
    record Live(RegisteredJob job, boolean repeated) implements Acceptance {}

    /** The job was submitted before, and has ended. */
    record Finished(JobView job) implements Acceptance {
        @Override
        public boolean repeated() {
            return true;
        }
    }
}
