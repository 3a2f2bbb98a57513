package dev.sage.node.job;

import dev.sage.client.wire.JobPage;
import dev.sage.client.wire.JobView;
import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import dev.sage.node.core.NewJob;
import dev.sage.node.job.Jobs.Query;
import dev.sage.runtime.local.Engine;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What there is of jobs: in memory, in the history, and in files. */
final class JobReader {
    private final Engine engine;
    private final Preparation preparation;
    private final JobFiles files;
    private final LiveJobs live;
    private final CompletableFuture<Registry> registry;
    private final JobThreads threads;

    JobReader(
            Engine engine,
            Preparation preparation,
            JobFiles files,
            LiveJobs live,
            CompletableFuture<Registry> registry,
            JobThreads threads) {
        this.engine = engine;
        this.preparation = preparation;
        this.files = files;
        this.live = live;
        this.registry = registry;
        this.threads = threads;
    }

    /** The job with this id or, when there is none in memory, the only one whose id begins so. */
    CompletionStage<Found> find(String id) {
        return live.find(id)
                .<CompletionStage<Found>>map(exact -> CompletableFuture.completedFuture(new Found.Live(exact)))
                .orElseGet(() -> threads.answer(() -> Found.byPrefix(id, live.all(), history())));
    }

    CompletionStage<JobPage> page(Query query) {
        // Taken before the history is asked: a job that leaves the memory meanwhile is in one of the two.
        List<JobView> views = live.all().stream().map(LiveJob::view).toList();
        return threads.answer(() -> JobPages.merge(views, history().page(query), query));
    }

    /** Blocks. */
    String plan(NewJob job) throws IOException {
        try {
            return preparation.plan(job);
        } catch (NoSuchFileException endedMeanwhile) {
            throw Found.ended(job.id());
        }
    }

    /** Blocks. */
    Path outputFile(Found found, String name) {
        found.requireOutput(name);
        return files.existing(file(found, name), "The output '" + name + "' of job " + found.id());
    }

    /** Of all outputs of a job that has ended; one that wrote nothing may have none. */
    Map<String, Path> outputFiles(Found ended) {
        Map<String, Path> named = new LinkedHashMap<>();
        ended.details().outputs().forEach(output -> named.put(output, file(ended, output)));
        return named;
    }

    private Path file(Found found, String name) {
        return name.equals(LiveJob.PRINT) ? files.printed(found.id()) : engine.outputFile(found.id(), name);
    }

    /** Blocks. */
    Path collected(Found found, String operator) {
        if (!found.details().collected().contains(operator)) {
            throw new NodeException(
                    Kind.UNKNOWN,
                    "collected.unknown",
                    "Job " + found.id() + " has no collected records of '" + operator + "'. It has "
                            + found.details().collected() + ".",
                    "They are there when the job has ended well; see its state with 'sage job show'.");
        }
        return files.existing(
                files.collected(found.id(), operator), "What '" + operator + "' of job " + found.id() + " collected");
    }

    private History history() {
        return registry.join().history();
    }
}
