package dev.sage.node.job;

import dev.sage.api.JobState;
import dev.sage.client.wire.JobPage;
import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.Outcome;
import dev.sage.node.core.RegisteredJob;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;

/** A registry in memory, which fails as often as it is told to. */
final class FakeRegistry implements Registry {
    final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    final List<String> started = new CopyOnWriteArrayList<>();
    final Queue<NodeException> acceptsFail = new ArrayDeque<>();
    final Queue<NodeException> startsFail = new ArrayDeque<>();
    final Queue<NodeException> endsFail = new ArrayDeque<>();
    final List<String> cancelled = new CopyOnWriteArrayList<>();
    /** While it is, every call fails. */
    volatile boolean away;

    /** So many have failed for that. */
    final AtomicInteger refused = new AtomicInteger();

    /** Starts wait for it. */
    volatile CompletableFuture<Done> startsMayBeWritten = CompletableFuture.completedFuture(Done.getInstance());

    final Map<String, FinishedJob> finished = new ConcurrentHashMap<>();
    final Map<String, NewJob> accepted = new ConcurrentHashMap<>();
    private final Runner runner;

    FakeRegistry(Runner runner) {
        this.runner = runner;
    }

    static NodeException away() {
        return new NodeException(Kind.UNAVAILABLE, "registry.unavailable", "The journal does not answer.", "Again.");
    }

    private NodeException refuse() {
        refused.incrementAndGet();
        return away();
    }

    static RegisteredJob registered(NewJob job) {
        return new RegisteredJob(job, 1, Instant.now(), Optional.empty(), Optional.empty());
    }

    @Override
    public CompletionStage<Acceptance> accept(NewJob job) {
        NodeException failure = away ? refuse() : acceptsFail.poll();
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        accepted.put(job.id(), job);
        RegisteredJob registered = registered(job);
        runner.run(registered);
        return CompletableFuture.completedFuture(new Acceptance.Live(registered, false));
    }

    @Override
    public CompletionStage<Done> started(String id, int attempt) {
        NodeException failure = away ? refuse() : startsFail.poll();
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        started.add(id);
        return startsMayBeWritten;
    }

    @Override
    public CompletionStage<Done> ended(String id, int attempt, Outcome outcome) {
        NodeException failure = away ? refuse() : endsFail.poll();
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        outcomes.put(id, outcome);
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    @Override
    public CompletionStage<Done> cancel(String id, String reason) {
        if (away) {
            return CompletableFuture.failedFuture(refuse());
        }
        cancelled.add(id);
        runner.cancel(id, reason);
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    @Override
    public CompletionStage<List<RegisteredJob>> live() {
        throw new AssertionError("Only the start of a node asks this.");
    }

    @Override
    public CompletionStage<Optional<String>> outage() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    JobState outcome(String id) {
        Outcome outcome = outcomes.get(id);
        return outcome == null ? null : outcome.state();
    }

    @Override
    public History history() {
        return new History() {
            @Override
            public JobPage page(Jobs.Query query) {
                return new JobPage(List.of(), null);
            }

            @Override
            public List<FinishedJob> find(String idOrPrefix) {
                return finished.values().stream()
                        .filter(job -> job.view().id().startsWith(idOrPrefix))
                        .limit(2)
                        .toList();
            }

            @Override
            public Optional<FinishedJob> byKey(String key) {
                return Optional.empty();
            }

            @Override
            public void ping() {}
        };
    }
}
