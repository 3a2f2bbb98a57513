package dev.sage.node.job;

import dev.sage.node.NodeException;
import dev.sage.node.core.Decision.Answer;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.Outcome;
import dev.sage.node.core.RegisteredJob;
import dev.sage.node.core.RegistryCommand;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;

/** Asks the registry's actor, and the history for what that has forgotten already. */
public final class RegistryClient implements Registry {
    private final ActorSystem<?> system;
    private final ActorRef<JobRegistry.Command> registry;
    private final History history;
    private final RegistrySettings settings;
    private final String instance;
    private final Executor mayBlock;
    private final AtomicReference<@Nullable CompletableFuture<Optional<String>>> asked = new AtomicReference<>();

    /** For jobs that this instance of the node runs. */
    public RegistryClient(
            ActorSystem<?> system,
            ActorRef<JobRegistry.Command> registry,
            History history,
            RegistrySettings settings,
            String instance) {
        this.system = system;
        this.registry = registry;
        this.history = history;
        this.settings = settings;
        this.instance = instance;
        this.mayBlock = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    @Override
    public CompletionStage<Acceptance> accept(NewJob job) {
        return ask(new RegistryCommand.Accept(job, Optional.empty())).thenApply(answer -> {
            if (answer instanceof Answer.Taken taken) {
                return new Acceptance.Live(taken.job(), taken.repeated());
            } else if (answer instanceof Answer.WasFinished finished) {
                return new Acceptance.Finished(finished.job());
            }
            throw unexpected(answer);
        });
    }

    @Override
    public CompletionStage<Done> started(String id, int attempt) {
        return orFromHistory(ask(new RegistryCommand.Start(id, attempt, instance)), id, RegistryClient::hasEnded);
    }

    @Override
    public CompletionStage<Done> ended(String id, int attempt, Outcome outcome) {
        return orFromHistory(ask(new RegistryCommand.End(id, attempt, outcome)), id, job -> Done.getInstance());
    }

    @Override
    public CompletionStage<Done> cancel(String id, String reason) {
        return orFromHistory(ask(new RegistryCommand.Cancel(id, reason)), id, RegistryClient::hasEnded);
    }

    @Override
    public CompletionStage<List<RegisteredJob>> live() {
        return ask(new RegistryCommand.List()).thenApply(answer -> {
            if (answer instanceof Answer.Jobs jobs) {
                return jobs.live();
            }
            throw unexpected(answer);
        });
    }

    @Override
    public CompletionStage<Optional<String>> outage() {
        CompletableFuture<Optional<String>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<String>> underWay = asked.compareAndExchange(null, mine);
        if (underWay != null) {
            return underWay.copy();
        }
        lookForOutage().whenComplete((why, failure) -> {
            asked.set(null);
            mine.complete(
                    failure == null ? why : Optional.of("" + causeOf(failure).getMessage()));
        });
        return mine.copy();
    }

    /** A registry that has nothing to do does not notice that the database is gone. */
    private CompletionStage<Optional<String>> lookForOutage() {
        return AskPattern.<JobRegistry.Command, Optional<String>>ask(
                        registry, JobRegistry.WhyAway::new, settings.answerWithin(), system.scheduler())
                .thenApplyAsync(
                        why -> {
                            if (why.isEmpty()) {
                                history.ping();
                            }
                            return why;
                        },
                        mayBlock);
    }

    @Override
    public History history() {
        return history;
    }

    private CompletionStage<Answer> ask(RegistryCommand command) {
        return AskPattern.<JobRegistry.Command, Answer>ask(
                        registry,
                        replyTo -> new JobRegistry.Call(command, replyTo),
                        settings.answerWithin(),
                        system.scheduler())
                // Scala's stages would, without an executor, take a new thread for each answer on a machine of two
                // cores.
                .handleAsync(
                        (answer, failure) -> {
                            if (failure != null) {
                                throw JobRegistry.unavailable(failure);
                            } else if (answer instanceof Answer.Refused refused) {
                                throw refused.why();
                            }
                            return answer;
                        },
                        mayBlock);
    }

    /** What the registry does not know may have ended long ago. */
    private CompletionStage<Done> orFromHistory(
            CompletionStage<Answer> asked, String id, Function<FinishedJob, Done> finished) {
        return asked.thenApply(answer -> Optional.<NodeException>empty())
                .exceptionally(failure -> Optional.of(unknownJob(failure)))
                .thenCompose(unknown -> unknown.isEmpty()
                        ? CompletableFuture.completedFuture(Done.getInstance())
                        : CompletableFuture.supplyAsync(
                                () -> history.find(id).stream()
                                        .filter(job -> job.view().id().equals(id))
                                        .findFirst()
                                        .map(finished)
                                        .orElseThrow(unknown::get),
                                mayBlock));
    }

    private static NodeException unknownJob(Throwable failure) {
        Throwable why = causeOf(failure);
        if (why instanceof NodeException refused && refused.code().equals("job.unknown")) {
            return refused;
        }
        throw new CompletionException(why);
    }

    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static Done hasEnded(FinishedJob job) {
        throw new NodeException(
                NodeException.Kind.CONFLICT,
                "job.ended",
                "Job " + job.view().id() + " has ended: " + job.view().state() + ".",
                "Look at the job for its outcome.");
    }

    private static IllegalStateException unexpected(Answer answer) {
        return new IllegalStateException("The registry answered " + answer + ".");
    }
}
