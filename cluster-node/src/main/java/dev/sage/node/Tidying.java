package dev.sage.node;

import dev.sage.node.code.ArtifactStore;
import dev.sage.node.core.RegisteredJob;
import dev.sage.node.core.Work;
import dev.sage.node.job.History;
import dev.sage.node.job.JobFiles;
import dev.sage.node.job.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes files that no job needs any more. The registry is asked for the jobs each time: that the journal was read does not
 * mean that they were handed to their runner yet. What jobs left goes with them when the history forgets them, see {@link
 * dev.sage.node.job.Runner#forgotten}.
 */
final class Tidying {
    private static final Logger log = LoggerFactory.getLogger(Tidying.class);

    private final Registry registry;
    private final ArtifactStore artifacts;

    Tidying(Registry registry, ArtifactStore artifacts) {
        this.registry = registry;
        this.artifacts = artifacts;
    }

    /** What a crash left, too; before anything is submitted, as a submission has a graph before it is a job. */
    CompletionStage<Void> afterStart(History history, JobFiles files, Executor mayBlock) {
        return registry.live()
                .thenAcceptAsync(
                        jobs -> {
                            removeArtifacts(jobs);
                            Set<String> live =
                                    jobs.stream().map(RegisteredJob::id).collect(Collectors.toSet());
                            try {
                                files.deleteOthers(
                                        live::contains, id -> !history.find(id).isEmpty());
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        mayBlock);
    }

    /** Jars, from time to time, on threads that may block; until the system ends. */
    void goOn(ActorSystem<?> system, Duration every) {
        Executor mayBlock = system.dispatchers().lookup(DispatcherSelector.blocking());
        var unused = system.scheduler()
                .scheduleWithFixedDelay(
                        every,
                        every,
                        () -> registry.live()
                                .thenAcceptAsync(this::removeArtifacts, mayBlock)
                                .exceptionally(failure -> {
                                    log.debug("Jars are looked for again in {}", every, failure);
                                    return null;
                                }),
                        system.executionContext());
    }

    private void removeArtifacts(List<RegisteredJob> live) {
        Set<String> inUse = new HashSet<>();
        for (RegisteredJob job : live) {
            if (job.job().work() instanceof Work.Pipeline pipeline) {
                pipeline.artifacts().forEach(artifact -> inUse.add(artifact.sha256()));
            }
        }
        try {
            artifacts.cleanUp(inUse);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
