package dev.sage.node.job;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sage.api.JobEvent;
import dev.sage.api.JobLeases;
import dev.sage.api.JobProgress;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.client.wire.JobDetails;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.Wire;
import dev.sage.node.job.Jobs.Numbered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the history keeps of a job, as JSON. A text that cannot be read any more costs its details, not the job. */
final class StoredTexts {
    private static final Logger log = LoggerFactory.getLogger(StoredTexts.class);

    private StoredTexts() {}

    /**
     * What was kept of the events of a job.
     *
     * @param first the number of the first one
     * @param before how many came before it and are gone
     */
    record Events(long first, long before, List<JobEvent> events) {
        /** After the one of this number; where some are gone, {@link JobEvent.Missed} stands for them, as for a live job. */
        List<Numbered<JobEvent>> after(long number) {
            List<Numbered<JobEvent>> numbered = new ArrayList<>();
            long missed = Math.min(before, first - 1 - number);
            if (missed > 0) {
                numbered.add(new Numbered<>(first - 1, new JobEvent.Missed(Duration.ZERO, missed)));
            }
            for (int i = 0; i < events.size(); i++) {
                if (first + i > number) {
                    numbered.add(new Numbered<>(first + i, events.get(i)));
                }
            }
            return numbered;
        }
    }

    static byte[] bytes(Object value) {
        try {
            return Wire.mapper().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Everything on the wire can be written.", e);
        }
    }

    private static String text(Object value) {
        try {
            return Wire.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Everything on the wire can be written.", e);
        }
    }

    static String details(JobDetails details) {
        return text(details);
    }

    /** As {@link #events(FinishedJob)} reads it. */
    static String events(Events events) {
        return text(events);
    }

    static JobDetails details(FinishedJob job) {
        if (!job.resultJson().isEmpty()) {
            try {
                JobDetails stored = Wire.mapper().readValue(job.resultJson(), JobDetails.class);
                if (stored.progress() == null || stored.result() == null) {
                    throw new JsonParseException(null, "It is no result of a job.");
                }
                return new JobDetails(
                        job.view(),
                        stored.progress(),
                        JobLeases.NONE,
                        stored.outputs(),
                        stored.collected(),
                        stored.result());
            } catch (JsonProcessingException e) {
                log.warn(
                        "The stored result of job {} cannot be read", job.view().id(), e);
            }
        }
        return new JobDetails(
                job.view(),
                new JobProgress(job.view().state(), List.of()),
                JobLeases.NONE,
                List.of(),
                List.of(),
                Results.ended(job.view()));
    }

    /** At least its end. */
    static Events events(FinishedJob job) {
        if (!job.eventsJson().isEmpty()) {
            try {
                Events stored = Wire.mapper().readValue(job.eventsJson(), Events.class);
                if (stored.events() == null) {
                    throw new JsonParseException(null, "It has no events.");
                }
                return stored;
            } catch (JsonProcessingException e) {
                log.warn(
                        "The stored events of job {} cannot be read", job.view().id(), e);
            }
        }
        JobView view = job.view();
        JobResult result = Results.ended(view);
        // What has ended has a time of its end.
        Instant endedAt = view.endedAt() == null ? view.submittedAt() : view.endedAt();
        return new Events(
                endedAt.toEpochMilli() << 20,
                0,
                List.of(
                        new JobEvent.StateChanged(Duration.ZERO, JobState.RUNNING, view.state(), result.reason()),
                        new JobEvent.Ended(Duration.ZERO, result)));
    }
}
