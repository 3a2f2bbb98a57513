package dev.sage.node.job;

import dev.sage.client.wire.JobDetails;
import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import dev.sage.runtime.local.Engine;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.Done;

/** What an id, or the beginning of one, stands for. */
sealed interface Found {
    /** Of this node; it may have ended a moment ago. */
    record Live(LiveJob job) implements Found {
        @Override
        public String id() {
            return job.id();
        }

        @Override
        public JobDetails details() {
            return job.details();
        }
    }

    record Finished(FinishedJob job) implements Found {
        @Override
        public String id() {
            return job.view().id();
        }

        @Override
        public JobDetails details() {
            return StoredTexts.details(job);
        }
    }

    String id();

    JobDetails details();

    /** Completed when the engine has it, or will not have it any more. */
    default CompletionStage<Done> submitted() {
        return this instanceof Live there
                ? there.job().submitted()
                : CompletableFuture.completedFuture(Done.getInstance());
    }

    /** Whether its end has been written down. */
    default boolean hasEnded() {
        return !(this instanceof Live there) || there.job().hasEnded();
    }

    /** While the engine has it. */
    default Optional<Engine.Running> handle() {
        return this instanceof Live there ? there.job().handle() : Optional.empty();
    }

    /** Blocks on the database. */
    static Found byPrefix(String prefix, Collection<LiveJob> live, History history) {
        List<LiveJob> there =
                live.stream().filter(job -> job.id().startsWith(prefix)).toList();
        List<FinishedJob> finished = prefix.isEmpty() ? List.of() : history.find(prefix);
        TreeSet<String> ids = new TreeSet<>();
        there.forEach(job -> ids.add(job.id()));
        finished.forEach(job -> ids.add(job.view().id()));
        boolean exact = ids.contains(prefix);
        if (ids.isEmpty() || prefix.isEmpty()) {
            throw new NodeException(
                    Kind.UNKNOWN,
                    "job.unknown",
                    "There is no job '" + prefix + "'.",
                    "See the jobs with 'sage job list'; old ones leave the history.");
        }
        if (ids.size() > 1 && !exact) {
            throw new NodeException(
                    Kind.CONFLICT,
                    "job.ambiguous",
                    "Several jobs begin with '" + prefix + "': " + String.join(", ", ids) + ".",
                    "Give more of the id.");
        }
        String id = exact ? prefix : ids.first();
        return Stream.<Found>concat(
                        there.stream().filter(job -> job.id().equals(id)).map(Live::new),
                        finished.stream()
                                .filter(job -> job.view().id().equals(id))
                                .map(Finished::new))
                .findFirst()
                .orElseThrow();
    }

    /**
     * The job that has not ended.
     *
     * @throws NodeException {@code job.ended} when it has
     */
    default LiveJob requireLive() {
        if (this instanceof Live there && !hasEnded()) {
            return there.job();
        }
        throw ended(id());
    }

    static NodeException ended(String id) {
        return new NodeException(
                Kind.CONFLICT, "job.ended", "Job " + id + " has ended.", "See how with 'sage job show " + id + "'.");
    }

    /**
     * Looks that it has this output.
     *
     * @throws NodeException {@code output.unknown} when it has none of this name
     */
    default void requireOutput(String name) {
        List<String> outputs = details().outputs();
        if (!outputs.contains(name)) {
            throw new NodeException(
                    Kind.UNKNOWN,
                    "output.unknown",
                    "Job " + id() + " has no output '" + name + "'. It has " + outputs + ".",
                    "Give one of these.");
        }
    }
}
