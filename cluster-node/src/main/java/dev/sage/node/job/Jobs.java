package dev.sage.node.job;

import dev.sage.api.JobEvent;
import dev.sage.api.JobProgress;
import dev.sage.api.JobState;
import dev.sage.client.wire.JobChange;
import dev.sage.client.wire.JobDetails;
import dev.sage.client.wire.JobPage;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.LeaseView;
import dev.sage.client.wire.OutputLine;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The jobs of the node, for those who ask over HTTP. No method blocks. A stage fails with {@link
 * dev.sage.node.NodeException} when it is the asker's doing. Where a job is asked for, {@code id} is its id or a prefix of
 * it that no other job has: {@code job.unknown} and {@code job.ambiguous} otherwise.
 */
public interface Jobs {

    /**
     * A submission that is in the journal.
     *
     * @param repeated it was there before, under the same key
     */
    record Accepted(JobView job, boolean repeated) {}

    /**
     * Which jobs; empty sets and optionals let all through.
     *
     * @param after {@link JobPage#next} of the page before; empty for the first
     * @param limit from 1 to 1,000
     */
    record Query(
            Set<JobState> states, Optional<String> name, Optional<String> owner, Optional<String> after, int limit) {}

    /** What a job can be told. */
    enum Order {
        PAUSE,
        RESUME,
        STOP,
        CANCEL
    }

    /**
     * One of a sequence that can be resumed.
     *
     * @param number from 1 on, without gaps but for a {@link JobEvent.Missed} that stands for several
     */
    record Numbered<T>(long number, T value) {}

    /** A stream that is under way; closing it ends the calls of its listener. */
    interface Following extends AutoCloseable {
        @Override
        void close();

        /** Whether all has happened that its listener will hear of, so that its end is on the way; some go on for ever. */
        default boolean isEnding() {
            return false;
        }
    }

    /** Who hears a stream: one call at a time, on a thread that may block, and slowness delays only this listener. */
    interface Listener<T> {
        void next(Numbered<T> value);

        /** There will be no more. */
        void end();
    }

    /**
     * Completed when the job is in the journal and will run, whatever dies.
     *
     * @param key the idempotency key; another submission with the same key and another content is {@code key.reused}
     * @param owner who submits
     */
    CompletionStage<Accepted> submit(JobSubmission submission, Optional<String> key, String owner);

    /** Live and finished jobs, the newest first. */
    CompletionStage<JobPage> list(Query query);

    CompletionStage<JobDetails> show(String id);

    /**
     * A job that has ended is {@code job.ended}. A cancellation is completed when it is in the journal; while that cannot be
     * written the job is ended all the same, and the answer's cause says that a crash would undo it. The other orders are
     * completed when they have taken effect, and end with the node.
     */
    CompletionStage<JobView> order(String id, Order order, String reason);

    /** Renews the hold of the job's client, for another time to live. */
    CompletionStage<LeaseView> renew(String id);

    /** The plan of a job that has not ended, as text. */
    CompletionStage<String> plan(String id);

    /**
     * Tells the events of a job after the one of this number, up to {@link JobEvent.Ended}. Of a job that has
     * left the memory what was kept, under the same numbers; {@link JobEvent.Missed} stands for what was not.
     *
     * @param after 0 for all
     * @param follow else only those that were told by now
     */
    CompletionStage<Following> events(String id, long after, boolean follow, Listener<JobEvent> listener);

    /** Tells the progress at once and then in intervals, up to the final one. Numbers only count. */
    CompletionStage<Following> progress(String id, Listener<JobProgress> listener);

    /**
     * Tells the lines of one output of a job, or of all, after the one of this number, until the job has ended.
     *
     * @param name one of {@link JobDetails#outputs}; empty for all of them
     * @param tail leaves out what is there by now, but for so many last lines of each output
     */
    CompletionStage<Following> output(
            String id, Optional<String> name, long after, OptionalLong tail, Listener<OutputLine> listener);

    /**
     * Tells each change of any job after the one of this number, for as long as the listener is there. Where changes are not
     * there any more {@link JobChange#RESET} stands for them. What a running job has done is told in intervals.
     *
     * @param after 0 for a reset, and what changes from then on
     */
    CompletionStage<Following> changes(long after, Listener<JobChange> listener);

    /** The file with all that one output has written, see {@link dev.sage.api.JobHandle#outputFile}. */
    CompletionStage<Path> outputFile(String id, String name);

    /** The file with the records of a {@code collect()}, see {@code dev.sage.client.ship.Records}. */
    CompletionStage<Path> collected(String id, String operator);

    /**
     * Calls a service of a live job, or a kept one of a job that has ended.
     *
     * @param call see {@code dev.sage.client.ship.CallCodec}
     * @return the answer, in the same form
     */
    CompletionStage<byte[]> call(String id, String service, byte[] call);
}
