package dev.sage.node.job;

import dev.sage.api.JobState;
import dev.sage.api.SageException;
import dev.sage.node.NodeException;
import dev.sage.node.core.Decision;
import dev.sage.node.core.Decision.Answer;
import dev.sage.node.core.Decision.Effect;
import dev.sage.node.core.Ended;
import dev.sage.node.core.Outcome;
import dev.sage.node.core.RegisteredJob;
import dev.sage.node.core.RegistryCommand;
import dev.sage.node.core.RegistryCommand.Finished;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was accepted, started and ended. It works in rounds, one at a time, and what arrives meanwhile waits for the
 * next: so a write has as many calls as there are, and the database never has two writers.
 *
 * <p>A round first changes and asks the history, on a thread that may block: it adds the jobs that ended in rounds before,
 * deletes some that nobody needs any more, and looks for the keys of submissions. Then the {@link RegistryWriter} decides
 * all calls and writes their events. Because the jobs that a round forgets were added before it looked for keys, a key is
 * always found, in the history or in memory.
 *
 * <p>What has ended is safe in the journal, so nobody waits for its way into the history: that goes many at a time.
 */
public final class JobRegistry extends AbstractBehavior<JobRegistry.Command> {
    private static final int AT_ONCE = 500;

    private final Setup setup;
    private final Handover handover;
    private final TimerScheduler<Command> timers;
    private final ActorRef<RegistryWriter.Write> writer;
    private final Executor mayBlock;

    private final Deque<Call> waiting = new ArrayDeque<>();
    private final Map<String, Ended> toCopy = new LinkedHashMap<>();
    private boolean copyDue;
    private List<String> toDelete = List.of();
    private @Nullable Round round;
    private boolean recovered;
    private boolean mustRecover;
    private boolean handedOver;
    private boolean historyRests;
    private @Nullable Outage outage;

    /** What the registry can be told; {@link RegistryClient} does. */
    public sealed interface Command {}

    record Call(RegistryCommand command, ActorRef<Answer> replyTo) implements Command {}

    record Recovered(List<Ended> ended) implements Command {}

    record NotRecovered(Throwable why) implements Command {}

    record NotWritten(Throwable why) implements Command {}

    /** Answered with why the database cannot be used, if that is so. */
    record WhyAway(ActorRef<Optional<String>> replyTo) implements Command {}

    record Written(List<Decision> decisions) implements Command {}

    private record Prepared(List<Finished> known, Optional<Throwable> failure) implements Command {}

    private record Beyond(List<String> ids, Optional<Throwable> failure) implements Command {}

    private record Probed(Optional<Throwable> failure) implements Command {}

    private enum Tick implements Command {
        COPY,
        SWEEP,
        RETRY_HISTORY,
        PROBE
    }

    /**
     * What the registry needs.
     *
     * @param instance changes with each start of the node: what another one started is lost
     * @param ready completed when all jobs that the journal knows are at the runner or in the history: who then looks for
     *     files that no job needs must know them; exceptionally when the journal never can be read
     */
    public record Setup(
            Runner runner,
            HistoryStore history,
            RegistrySettings settings,
            String instance,
            Clock clock,
            CompletableFuture<Done> ready) {}

    /** What is being prepared or written. */
    private static final class Round {
        private final boolean recovers;
        private final List<Ended> copied;
        private final List<String> deleted;
        private final List<Call> calls;
        private boolean writing;

        Round(boolean recovers, List<Ended> copied, List<String> deleted, List<Call> calls) {
            this.recovers = recovers;
            this.copied = copied;
            this.deleted = deleted;
            this.calls = calls;
        }
    }

    private JobRegistry(Setup setup, Handover handover, ActorContext<Command> context, TimerScheduler<Command> timers) {
        super(context);
        this.setup = setup;
        this.handover = handover;
        this.timers = timers;
        this.mayBlock = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        this.writer =
                context.spawn(RegistryWriter.create(context.getSelf(), setup.settings(), setup.clock()), "journal");
        timers.startTimerWithFixedDelay(Tick.SWEEP, setup.settings().sweepEvery());
    }

    /** To be started once in a cluster, on an actor system with the settings of {@code JournalConfig}. */
    public static Behavior<Command> behavior(Setup setup) {
        Handover handover = new Handover(setup.runner());
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new JobRegistry(setup, handover, context, timers)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Call.class, this::called)
                .onMessage(Prepared.class, this::prepared)
                .onMessage(Written.class, this::written)
                .onMessage(Recovered.class, this::recovered)
                .onMessage(NotRecovered.class, this::notRecovered)
                .onMessage(NotWritten.class, this::notWritten)
                .onMessage(WhyAway.class, this::whyAway)
                .onMessage(Probed.class, this::probed)
                .onMessage(Beyond.class, this::beyond)
                .onMessageEquals(Tick.COPY, this::copy)
                .onMessageEquals(Tick.SWEEP, this::lookForOld)
                .onMessageEquals(Tick.RETRY_HISTORY, this::retryHistory)
                .onMessageEquals(Tick.PROBE, this::probe)
                .build();
    }

    private Behavior<Command> called(Call call) {
        if (outage != null) {
            call.replyTo().tell(new Answer.Refused(away(outage)));
            return this;
        }
        boolean canWait = waiting.size() < setup.settings().waitingCalls();
        // What runs may always tell: there is a bounded number of those.
        boolean tells =
                call.command() instanceof RegistryCommand.Start || call.command() instanceof RegistryCommand.End;
        if (canWait || tells) {
            waiting.add(call);
            next();
        } else {
            call.replyTo().tell(new Answer.Refused(busy()));
        }
        return this;
    }

    /** Begins a round, if there is something to do and none is under way. */
    private void next() {
        if (!recovered || round != null || outage != null) {
            return;
        }
        boolean copies = copyDue || toCopy.size() >= AT_ONCE;
        List<Ended> copied = historyRests || !copies
                ? List.of()
                : toCopy.values().stream().limit(AT_ONCE).toList();
        List<String> deleted = historyRests ? List.of() : toDelete;
        if (!mustRecover && waiting.isEmpty() && copied.isEmpty() && deleted.isEmpty()) {
            return;
        }
        List<Call> calls = new ArrayList<>();
        while (!waiting.isEmpty() && calls.size() < setup.settings().callsPerWrite()) {
            calls.add(waiting.remove());
        }
        Round begun = new Round(mustRecover, copied, deleted, calls);
        round = begun;
        mustRecover = false;
        List<String> ids = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (Call call : calls) {
            if (call.command() instanceof RegistryCommand.Accept accept) {
                ids.add(accept.job().id());
                accept.job().key().ifPresent(keys::add);
            }
        }
        if (copied.isEmpty() && deleted.isEmpty() && ids.isEmpty()) {
            write(begun, List.of());
        } else {
            HistoryStore history = setup.history();
            getContext()
                    .pipeToSelf(
                            onBlockingThread(() -> {
                                if (!copied.isEmpty()) {
                                    history.add(copied);
                                }
                                history.delete(deleted);
                                return ids.isEmpty() ? List.<Finished>of() : history.known(ids, keys);
                            }),
                            (known, failure) -> failure == null
                                    ? new Prepared(known, Optional.empty())
                                    : new Prepared(List.of(), Optional.of(failure)));
        }
    }

    private Behavior<Command> prepared(Prepared result) {
        Round prepared = round;
        if (prepared == null) {
            return this;
        }
        if (result.failure().isEmpty()) {
            if (!prepared.deleted.isEmpty()) {
                toDelete = List.of();
                setup.runner().forgotten(prepared.deleted);
                lookForMore(prepared.deleted);
            }
            write(prepared, result.known());
        } else {
            Throwable why = result.failure().get();
            began(why);
            historyRests = true;
            timers.startSingleTimer(Tick.RETRY_HISTORY, setup.settings().retryAfterAtMost());
            List<Call> others = new ArrayList<>();
            for (Call call : prepared.calls) {
                if (call.command() instanceof RegistryCommand.Accept) {
                    call.replyTo().tell(new Answer.Refused(unavailable(why)));
                } else {
                    others.add(call);
                }
            }
            Round rest = new Round(prepared.recovers, List.of(), List.of(), others);
            round = rest;
            write(rest, List.of());
        }
        return this;
    }

    private void write(Round round, List<Finished> known) {
        Map<String, Finished> byKey = new HashMap<>();
        Map<String, Finished> byId = new HashMap<>();
        for (Finished finished : known) {
            byId.put(finished.job().id(), finished);
            if (finished.job().key() != null) {
                byKey.put(finished.job().key(), finished);
            }
        }
        List<RegistryCommand> commands = new ArrayList<>();
        if (round.recovers) {
            commands.add(new RegistryCommand.Recover(setup.instance()));
        }
        round.copied.forEach(
                ended -> commands.add(new RegistryCommand.Archive(ended.job().id())));
        for (Call call : round.calls) {
            commands.add(
                    call.command() instanceof RegistryCommand.Accept accept
                            ? new RegistryCommand.Accept(
                                    accept.job(),
                                    accept.job()
                                            .key()
                                            .map(byKey::get)
                                            .or(() -> Optional.ofNullable(
                                                    byId.get(accept.job().id()))))
                            : call.command());
        }
        round.writing = true;
        writer.tell(new RegistryWriter.Write(commands));
    }

    private Behavior<Command> written(Written result) {
        Round written = round;
        if (written == null || !written.writing) {
            return this;
        }
        round = null;
        result.decisions().stream()
                .flatMap(decision -> decision.effects().stream())
                .forEach(this::perform);
        int first = result.decisions().size() - written.calls.size();
        for (int i = 0; i < written.calls.size(); i++) {
            written.calls
                    .get(i)
                    .replyTo()
                    .tell(result.decisions().get(first + i).answer());
        }
        for (Ended ended : written.copied) {
            toCopy.remove(ended.job().id());
            setup.runner().archived(ended.job().id());
        }
        if (toCopy.isEmpty()) {
            copyDue = false;
        } else if (!setup.ready().isDone()) {
            copyDue = true;
        }
        handedOver |= written.recovers;
        if (handedOver && (toCopy.isEmpty() || historyRests)) {
            setup.ready().complete(Done.getInstance());
        }
        next();
        return this;
    }

    private void perform(Effect effect) {
        if (effect instanceof Effect.Run run) {
            run(run.job());
        } else if (effect instanceof Effect.Cancel cancel) {
            handover.cancel(cancel.id(), cancel.reason());
        } else if (effect instanceof Effect.CopyToHistory copy) {
            handover.forget(copy.ended().job().id());
            if (toCopy.isEmpty()) {
                timers.startSingleTimer(Tick.COPY, setup.settings().copyAfter());
            }
            toCopy.put(copy.ended().job().id(), copy.ended());
        }
    }

    private void run(RegisteredJob job) {
        try {
            handover.run(job);
        } catch (RuntimeException e) {
            getContext().getLog().error("Job {} cannot be run.", job.id(), e);
            Outcome failed = new Outcome(
                    JobState.FAILED,
                    "It cannot be run: " + e,
                    true,
                    "",
                    "",
                    setup.clock().instant());
            waiting.add(new Call(
                    new RegistryCommand.End(job.id(), job.attempt(), failed),
                    getContext().getSystem().ignoreRef()));
        }
    }

    /** The writer has read the journal, at first or after it failed to write: what it was to write then may be there or not. */
    private Behavior<Command> recovered(Recovered now) {
        Round lost = round;
        if (lost != null && lost.writing) {
            round = null;
            lost.calls.forEach(call -> call.replyTo().tell(new Answer.Refused(unavailable(null))));
        }
        recovered = true;
        mustRecover = true;
        now.ended().forEach(ended -> toCopy.put(ended.job().id(), ended));
        copyDue = true;
        if (outage != null) {
            // That the journal can be read does not mean that it can be written: the disk may be full.
            return probe();
        }
        next();
        return this;
    }

    /** The writer reads the journal anew, and {@link Recovered} follows when it could. */
    private Behavior<Command> notWritten(NotWritten failed) {
        Round lost = round;
        round = null;
        recovered = false;
        if (lost != null) {
            lost.calls.forEach(call -> call.replyTo().tell(new Answer.Refused(unavailable(failed.why()))));
        }
        began(failed.why());
        return this;
    }

    /** Until the database was seen to take a write again, calls are refused at once: none waits, and none is tried late. */
    private void began(Throwable why) {
        getContext().getLog().debug("The database cannot be used", why);
        if (outage != null) {
            return;
        }
        Outage begun = new Outage(why, setup.settings(), setup.clock());
        outage = begun;
        getContext().getLog().error("Calls are refused until a write succeeds, as {}", begun.describe());
        waiting.forEach(call -> call.replyTo().tell(new Answer.Refused(away(begun))));
        waiting.clear();
        timers.startSingleTimer(Tick.PROBE, begun.nextRetryAfter());
    }

    private Behavior<Command> probe() {
        timers.cancel(Tick.PROBE);
        getContext()
                .pipeToSelf(
                        onBlockingThread(() -> {
                            setup.history().probe();
                            return Done.getInstance();
                        }),
                        (done, failure) -> new Probed(Optional.ofNullable(failure)));
        return this;
    }

    private Behavior<Command> probed(Probed result) {
        Outage underWay = outage;
        if (underWay != null && result.failure().isPresent()) {
            if (underWay.goesOn(result.failure().get())) {
                getContext().getLog().warn("After another try {}", underWay.describe());
            }
            timers.startSingleTimer(Tick.PROBE, underWay.nextRetryAfter());
        } else if (underWay != null && recovered) {
            getContext().getLog().info("The database can be used again; before, {}", underWay.describe());
            outage = null;
            next();
        }
        return this;
    }

    private Behavior<Command> whyAway(WhyAway asked) {
        asked.replyTo().tell(Optional.ofNullable(outage).map(Outage::describe));
        return this;
    }

    private Behavior<Command> notRecovered(NotRecovered failed) {
        for (Throwable why = failed.why(); why != null; why = why.getCause()) {
            if (why instanceof SageException) {
                getContext().getLog().error("The journal cannot be read.", why);
                setup.ready().completeExceptionally(why);
                return Behaviors.stopped();
            }
        }
        began(failed.why());
        return this;
    }

    private Behavior<Command> copy() {
        copyDue = !toCopy.isEmpty();
        next();
        return this;
    }

    private Behavior<Command> lookForOld() {
        RegistrySettings settings = setup.settings();
        if (toDelete.isEmpty()) {
            getContext()
                    .pipeToSelf(
                            onBlockingThread(() -> setup.history()
                                    .beyond(
                                            settings.keepJobs(),
                                            setup.clock().instant().minus(settings.keepFor()),
                                            settings.sweepJobs())),
                            // Looked for again in a while.
                            (ids, failure) -> failure == null
                                    ? new Beyond(ids, Optional.empty())
                                    : new Beyond(List.of(), Optional.of(failure)));
        }
        return this;
    }

    private void lookForMore(List<String> deleted) {
        if (deleted.size() >= setup.settings().sweepJobs()) {
            lookForOld();
        }
    }

    private Behavior<Command> beyond(Beyond found) {
        found.failure().ifPresent(this::began);
        toDelete = found.ids();
        next();
        return this;
    }

    private Behavior<Command> retryHistory() {
        historyRests = false;
        next();
        return this;
    }

    private <T> CompletableFuture<T> onBlockingThread(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, mayBlock);
    }

    private NodeException busy() {
        return new NodeException(
                NodeException.Kind.UNAVAILABLE,
                "registry.busy",
                setup.settings().waitingCalls() + " calls wait to be written into the journal already.",
                "Try again in a moment; sage.node.registry.waiting-calls is the bound.");
    }

    private static NodeException away(Outage outage) {
        return new NodeException(
                NodeException.Kind.UNAVAILABLE,
                "registry.away",
                "Nothing was done, as " + outage.describe(),
                "Try again in a moment; GET /readyz tells when it can be used again.",
                outage.why());
    }

    static NodeException unavailable(@Nullable Throwable cause) {
        return new NodeException(
                NodeException.Kind.UNAVAILABLE,
                "registry.unavailable",
                "The journal does not answer; whether the call took effect is not known.",
                "Try again with the same idempotency key.",
                cause);
    }
}
