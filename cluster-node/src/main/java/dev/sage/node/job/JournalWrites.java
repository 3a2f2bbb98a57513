package dev.sage.node.job;

import dev.sage.api.JobResult;
import dev.sage.client.wire.JobDetails;
import dev.sage.node.core.Outcome;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the starts and outcomes of jobs written down, and tries again for as long as the registry cannot be reached. */
final class JournalWrites {
    private static final Logger log = LoggerFactory.getLogger(JournalWrites.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    private final LiveJobs live;
    private final CompletionStage<Registry> registry;
    private final JobStreams streams;
    private final JobFiles files;
    private final JobThreads threads;
    private final Clock clock;

    JournalWrites(
            LiveJobs live,
            CompletionStage<Registry> registry,
            JobStreams streams,
            JobFiles files,
            JobThreads threads,
            Clock clock) {
        this.live = live;
        this.registry = registry;
        this.streams = streams;
        this.files = files;
        this.threads = threads;
        this.clock = clock;
    }

    /** Written down before the job starts: else nobody would know after a crash that it may have done something. */
    CompletionStage<Done> start(LiveJob job) {
        CompletableFuture<Done> passed = new CompletableFuture<>();
        start(job, passed, FIRST_RETRY);
        return passed;
    }

    /** A database that is away for a while delays the start; only what the registry refuses fails it. */
    private void start(LiveJob job, CompletableFuture<Done> passed, Duration retryAfter) {
        registry.thenCompose(asked -> asked.started(job.id(), job.attempt())).whenComplete((done, failed) -> {
            if (failed == null) {
                job.startWritten(clock.instant());
                passed.complete(done);
            } else if (RegistryFailures.isPassing(failed) && !job.hasEnded()) {
                log.warn("The start of job {} cannot be written down yet; again in {}", job.id(), retryAfter, failed);
                threads.after(retryAfter, () -> start(job, passed, longer(retryAfter)));
            } else {
                passed.completeExceptionally(RegistryFailures.causeOf(failed));
            }
        });
    }

    /** The job's end shows when it is written down. */
    void end(LiveJob job, JobResult result) {
        Instant endedAt = clock.instant();
        JobDetails details = job.ending(result, endedAt);
        end(job, details, outcome(job, result, details, endedAt), FIRST_RETRY);
    }

    /** Its end must be written down, whatever its texts are made of. */
    private Outcome outcome(LiveJob job, JobResult result, JobDetails details, Instant endedAt) {
        String resultJson = "";
        String eventsJson = "";
        try {
            resultJson = StoredTexts.details(details);
            eventsJson = StoredTexts.events(streams.number(job.firstKept()), job.allEvents());
        } catch (RuntimeException | StackOverflowError unreadable) {
            log.warn("The history will not have all details of job {}", job.id(), unreadable);
        }
        return new Outcome(result.state(), LiveJob.causeOf(result), result.clean(), resultJson, eventsJson, endedAt);
    }

    private void end(LiveJob job, JobDetails details, Outcome outcome, Duration retryAfter) {
        registry.thenCompose(asked -> asked.ended(job.id(), job.attempt(), outcome))
                .whenComplete((done, failed) -> {
                    if (failed == null) {
                        threads.submitOrRunHere(() -> ended(job, details));
                    } else if (!RegistryFailures.isPassing(failed)) {
                        log.error("The end of job {} is not wanted by the registry", job.id(), failed);
                        threads.submitOrRunHere(() -> ended(job, details));
                        live.archived(job.id());
                    } else {
                        log.error(
                                "The end of job {} cannot be written down yet; again in {}",
                                job.id(),
                                retryAfter,
                                failed);
                        threads.after(retryAfter, () -> end(job, details, outcome, longer(retryAfter)));
                    }
                });
    }

    private void ended(LiveJob job, JobDetails details) {
        job.ended(details);
        live.countEnd(details.job().state());
        try {
            files.deleteGraph(job.id());
        } catch (IOException e) {
            log.warn("The graph of job {} cannot be deleted; the next start of the node tries again", job.id(), e);
        }
    }

    private static Duration longer(Duration retryAfter) {
        Duration next = retryAfter.multipliedBy(2);
        return next.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : next;
    }
}
