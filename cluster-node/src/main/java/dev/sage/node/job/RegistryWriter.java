package dev.sage.node.job;

import dev.sage.node.core.Decision;
import dev.sage.node.core.RegistryCommand;
import dev.sage.node.core.RegistryDecisions;
import dev.sage.node.core.RegistryEvent;
import dev.sage.node.core.RegistrySnapshot;
import dev.sage.node.core.RegistryState;
import java.time.Clock;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/** The registry's memory, made of what is in the journal. It writes the events of many commands at once, or of none. */
final class RegistryWriter extends EventSourcedBehavior<RegistryWriter.Write, RegistryEvent, RegistryState> {
    static final PersistenceId PERSISTENCE_ID = PersistenceId.ofUniqueId("job-registry");
    private static final int SNAPSHOTS_KEPT = 2;

    private final ActorRef<JobRegistry.Command> registry;
    private final RegistrySettings settings;
    private final Clock clock;
    /**
     * Every recovery begins with this one object, also that after a write that failed, whose events the state has had already.
     * So it is never changed.
     */
    private final RegistryState nothing = new RegistryState();

    /** Answered with {@link JobRegistry.Written}, unless the database fails: then the writer starts again. */
    record Write(List<RegistryCommand> commands) {}

    private RegistryWriter(ActorRef<JobRegistry.Command> registry, RegistrySettings settings, Clock clock) {
        super(
                PERSISTENCE_ID,
                SupervisorStrategy.restartWithBackoff(settings.retryAfter(), settings.retryAfterAtMost(), 0.1)
                        // The registry logs what it is told of.
                        .withLoggingEnabled(false));
        this.registry = registry;
        this.settings = settings;
        this.clock = clock;
    }

    static Behavior<Write> create(ActorRef<JobRegistry.Command> registry, RegistrySettings settings, Clock clock) {
        return new RegistryWriter(registry, settings, clock);
    }

    @Override
    public RegistryState emptyState() {
        return nothing;
    }

    @Override
    public CommandHandler<Write, RegistryEvent, RegistryState> commandHandler() {
        return this::write;
    }

    private Effect<RegistryEvent, RegistryState> write(RegistryState state, Write write) {
        List<Decision> decisions = RegistryDecisions.decide(state, write.commands(), clock.instant());
        List<RegistryEvent> events = decisions.stream()
                .flatMap(decision -> decision.events().stream())
                .toList();
        return (events.isEmpty() ? Effect().none() : Effect().persist(events))
                .thenRun(() -> registry.tell(new JobRegistry.Written(decisions)));
    }

    @Override
    public EventHandler<RegistryState, RegistryEvent> eventHandler() {
        return (state, event) -> {
            RegistryState changed = state == nothing ? new RegistryState() : state;
            changed.apply(event);
            return changed;
        };
    }

    @Override
    public SignalHandler<RegistryState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(
                        RecoveryCompleted.instance(), state -> registry.tell(new JobRegistry.Recovered(state.ended())))
                .onSignal(
                        JournalPersistFailed.class,
                        (state, failed) -> registry.tell(new JobRegistry.NotWritten(failed.failure())))
                .onSignal(
                        RecoveryFailed.class,
                        (state, failed) -> registry.tell(new JobRegistry.NotRecovered(failed.getFailure())))
                .build();
    }

    /** The state changes while a snapshot is being written: so what is written is a copy. */
    @Override
    public SnapshotAdapter<RegistryState> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(RegistryState state) {
                return state.snapshot();
            }

            @Override
            public RegistryState fromJournal(Object stored) {
                return RegistryState.of((RegistrySnapshot) stored);
            }
        };
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(settings.snapshotEvery(), SNAPSHOTS_KEPT)
                .withDeleteEventsOnSnapshot();
    }
}
