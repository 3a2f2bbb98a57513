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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;
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
        // A database that is away for a while delays the start; only what the registry refuses fails it.
        new Offer(
                        "the start of job " + job.id(),
                        asked -> asked.started(job.id(), job.attempt()),
                        job::hasEnded,
                        refused -> {
                            if (refused == null) {
                                job.startWritten(clock.instant());
                                passed.complete(Done.getInstance());
                            } else {
                                passed.completeExceptionally(RegistryFailures.causeOf(refused));
                            }
                        })
                .make();
        return passed;
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
            new Offer(
                            "the cancellation of job " + job.id(),
                            asked -> asked.cancel(job.id(), reason),
                            job::hasEnded,
                            // Refused, too: then its end was written down before.
                            over -> {})
                    .makeLater(why);
            return Optional.of(why);
        });
    }

    /** The job's end shows when it is written down. */
    void end(LiveJob job, JobResult result) {
        Instant endedAt = clock.instant();
        JobDetails details = job.ending(result, endedAt);
        Outcome outcome = outcome(job, result, details, endedAt);
        new Offer(
                        "the end of job " + job.id(),
                        asked -> asked.ended(job.id(), job.attempt(), outcome),
                        () -> false,
                        refused -> {
                            threads.submitOrRunHere(() -> ended(job, details));
                            if (refused != null) {
                                log.error("The end of job {} is not wanted by the registry", job.id(), refused);
                                live.archived(job.id());
                            }
                        })
                .make();
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

    /** Something that is to be written down, offered until it is, or the registry refuses it, or it would be in vain. */
    private final class Offer {
        private final String what;
        private final Function<Registry, CompletionStage<Done>> call;
        private final BooleanSupplier inVain;
        private final Consumer<@Nullable Throwable> over;
        private Duration retryAfter = FIRST_RETRY;

        /**
         * One that has not been made.
         *
         * @param what as in "the end of job 3f"
         * @param inVain asked after a failure that may pass
         * @param over called once, with why it was not written down, or null
         */
        Offer(
                String what,
                Function<Registry, CompletionStage<Done>> call,
                BooleanSupplier inVain,
                Consumer<@Nullable Throwable> over) {
            this.what = what;
            this.call = call;
            this.inVain = inVain;
            this.over = over;
        }

        void make() {
            registry.thenCompose(call).whenComplete((done, failed) -> {
                if (failed != null && RegistryFailures.isPassing(failed) && !inVain.getAsBoolean()) {
                    makeLater(failed);
                } else {
                    backlog.settles(what);
                    over.accept(failed);
                }
            });
        }

        void makeLater(Throwable why) {
            backlog.waits(what, why);
            Duration after = retryAfter;
            Duration next = after.multipliedBy(2);
            retryAfter = next.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : next;
            threads.after(after, this::make);
        }
    }
}
