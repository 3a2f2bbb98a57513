package dev.sage.node.job;

import dev.sage.api.JobResult;
import dev.sage.client.wire.JobDetails;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.Outcome;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the starts, cancellations and outcomes of jobs written down, and offers them again while the registry cannot be reached. */
final class JournalWrites {
    private static final Logger log = LoggerFactory.getLogger(JournalWrites.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    private final LiveJobs live;
    private final CompletionStage<Registry> registry;
    private final JobStreams streams;
    private final JobFiles files;
    private final JobThreads threads;
    private final Clock clock;
    private final Backlog backlog;

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
        this.backlog = new Backlog(clock);
    }

    /** Written down before the job starts: else nobody would know after a crash that it may have done something. */
    CompletionStage<Done> start(LiveJob job) {
        CompletableFuture<Done> passed = new CompletableFuture<>();
        start(job, passed, FIRST_RETRY);
        return passed;
    }

    /** A database that is away for a while delays the start; only what the registry refuses fails it. */
    private void start(LiveJob job, CompletableFuture<Done> passed, Duration retryAfter) {
        String what = "the start of job " + job.id();
        registry.thenCompose(asked -> asked.started(job.id(), job.attempt())).whenComplete((done, failed) -> {
            if (failed != null && RegistryFailures.isPassing(failed) && !job.hasEnded()) {
                backlog.waits(what, failed);
                threads.after(retryAfter, () -> start(job, passed, longer(retryAfter)));
                return;
            }
            backlog.settles(what);
            if (failed == null) {
                job.startWritten(clock.instant());
                passed.complete(done);
            } else {
                passed.completeExceptionally(RegistryFailures.causeOf(failed));
            }
        });
    }

    /**
     * Ends a job before its time. Written down first, so that it does not run again after a crash. While that cannot be, the
     * job is ended all the same: whoever wants its GPUs need not wait for the database.
     *
     * @return why it is not written down yet; empty when it is
     */
    CompletionStage<Optional<Throwable>> cancel(LiveJob job, String reason) {
        return registry.thenCompose(asked -> asked.cancel(job.id(), reason)).handle((done, failed) -> {
            if (failed == null) {
                return Optional.empty();
            }
            Throwable why = RegistryFailures.causeOf(failed);
            if (!RegistryFailures.isPassing(why)) {
                throw new CompletionException(why);
            }
            job.cancel(reason);
            offerCancel(job, reason, why, FIRST_RETRY);
            return Optional.of(why);
        });
    }

    private void offerCancel(LiveJob job, String reason, Throwable why, Duration retryAfter) {
        String what = "the cancellation of job " + job.id();
        backlog.waits(what, why);
        threads.after(
                retryAfter,
                () -> registry.thenCompose(asked -> asked.cancel(job.id(), reason))
                        .whenComplete((done, failed) -> {
                            if (failed != null && RegistryFailures.isPassing(failed) && !job.hasEnded()) {
                                offerCancel(job, reason, failed, longer(retryAfter));
                            } else {
                                // Refused, too: then its end was written down before.
                                backlog.settles(what);
                            }
                        }));
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
            eventsJson = StoredTexts.events(job.keptEvents(streams.number(0)));
        } catch (RuntimeException | StackOverflowError unreadable) {
            log.warn("The history will not have all details of job {}", job.id(), unreadable);
        }
        return new Outcome(result.state(), LiveJob.causeOf(result), result.clean(), resultJson, eventsJson, endedAt);
    }

    private void end(LiveJob job, JobDetails details, Outcome outcome, Duration retryAfter) {
        String what = "the end of job " + job.id();
        registry.thenCompose(asked -> asked.ended(job.id(), job.attempt(), outcome))
                .whenComplete((done, failed) -> {
                    if (failed != null && RegistryFailures.isPassing(failed)) {
                        backlog.waits(what, failed);
                        threads.after(retryAfter, () -> end(job, details, outcome, longer(retryAfter)));
                        return;
                    }
                    backlog.settles(what);
                    threads.submitOrRunHere(() -> ended(job, details));
                    if (failed != null) {
                        log.error("The end of job {} is not wanted by the registry", job.id(), failed);
                        live.archived(job.id());
                    }
                });
    }

    private void ended(LiveJob job, JobDetails details) {
        NewJob submitted = job.job();
        job.ended(details);
        live.countEnd(submitted, details.job().state());
        if (!JobFiles.hasGraphFile(submitted)) {
            return;
        }
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
