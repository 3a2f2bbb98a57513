package dev.sage.node.job;

import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import dev.sage.node.core.NewJob;
import dev.sage.node.job.Jobs.Accepted;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Takes submissions: checks them, offers them to the registry, and keeps their code until they run. */
final class Admission {
    private static final int ID_TRIES = 5;
    /** Refusals of calls that were not tried, although another try may be taken. */
    private static final Set<String> NOTHING_DONE = Set.of("registry.busy", "registry.away");

    private final Preparation preparation;
    private final JobSettings settings;
    private final LiveJobs live;
    private final CompletionStage<Registry> registry;
    private final JobThreads threads;
    private final Map<String, PreparedJob> prepared = new ConcurrentHashMap<>();

    Admission(
            Preparation preparation,
            JobSettings settings,
            LiveJobs live,
            CompletionStage<Registry> registry,
            JobThreads threads) {
        this.preparation = preparation;
        this.settings = settings;
        this.live = live;
        this.registry = registry;
        this.threads = threads;
    }

    CompletionStage<Accepted> submit(JobSubmission submission, Optional<String> key, String owner) {
        if (live.isStopping()) {
            return CompletableFuture.failedFuture(new NodeException(
                    Kind.UNAVAILABLE,
                    "node.stopping",
                    "The node is being stopped and takes no more jobs.",
                    "Submit again with the same key when it was started again."));
        }
        return submit(submission, key, owner, ID_TRIES);
    }

    /** Ids are short, and a history is long: now and then one is taken. */
    private CompletionStage<Accepted> submit(
            JobSubmission submission, Optional<String> key, String owner, int triesLeft) {
        return threads.answer(() -> prepare(submission, key, owner))
                .thenCompose(job -> registry.thenCompose(asked -> asked.accept(job))
                        .handle((accepted, failed) -> {
                            if (failed == null) {
                                if (accepted.repeated()) {
                                    discard(job, true);
                                }
                                return CompletableFuture.completedStage(
                                        new Accepted(viewOf(accepted), accepted.repeated()));
                            }
                            Throwable why = RegistryFailures.causeOf(failed);
                            discard(job, isRefused(why));
                            boolean again = triesLeft > 1
                                    && why instanceof NodeException refused
                                    && refused.code().equals("job.id-taken");
                            return again
                                    ? submit(submission, key, owner, triesLeft - 1)
                                    : CompletableFuture.<Accepted>failedStage(why);
                        })
                        .thenCompose(Function.identity()));
    }

    private NewJob prepare(JobSubmission submission, Optional<String> key, String owner) throws IOException {
        PreparedJob job = preparation.prepare(
                submission,
                key,
                owner,
                id -> prepared.containsKey(id) || live.find(id).isPresent(),
                this::isForTheJournal);
        if (prepared.putIfAbsent(job.job().id(), job) != null) {
            // Drawn by two at the same time.
            job.close();
            preparation.discard(job.job());
            return prepare(submission, key, owner);
        }
        return job.job();
    }

    /** What the registry has in memory is bounded, however many jobs wait. */
    private boolean isForTheJournal(int graphBytes) {
        return graphBytes <= settings.journalGraphBytes()
                && live.graphBytes() + graphBytes <= settings.journalGraphsBytes();
    }

    /** Whether it is certain that a job was not accepted; when the database did not answer it may have been, or be yet. */
    private static boolean isRefused(Throwable why) {
        return why instanceof NodeException refused
                && (refused.kind() != Kind.UNAVAILABLE || NOTHING_DONE.contains(refused.code()));
    }

    /** @param forGood else its graph stays for the case that it runs yet; the next start of the node looks after it */
    private void discard(NewJob job, boolean forGood) {
        take(job.id()).ifPresent(PreparedJob::close);
        if (forGood && live.find(job.id()).isEmpty()) {
            threads.submitOrRunHere(() -> preparation.discard(job));
        }
    }

    private JobView viewOf(Acceptance accepted) {
        if (accepted instanceof Acceptance.Live there) {
            return live.find(there.job().id()).map(LiveJob::view).orElseGet(() -> Results.queued(there.job()));
        }
        return ((Acceptance.Finished) accepted).job();
    }

    /** The code of a job that was submitted to this node; the caller closes it from now on. */
    Optional<PreparedJob> take(String id) {
        return Optional.ofNullable(prepared.remove(id));
    }
}
