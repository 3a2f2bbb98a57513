package dev.sage.node.core;

import dev.sage.node.core.Decision.Answer;
import dev.sage.node.core.Decision.Effect;
import dev.sage.node.core.RegistryCommand.Finished;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A journal and a history in memory, and the rounds of the registry over them, in its order: copy to the history, look for
 * keys, decide, write, answer. Takes note of what was acknowledged.
 */
final class RegistryModel {
    private final List<RegistryEvent> journal = new ArrayList<>();
    private final Map<String, Ended> history = new LinkedHashMap<>();
    private final Map<String, Ended> toCopy = new LinkedHashMap<>();
    private RegistryState state = new RegistryState();
    private int instance;
    private boolean mustRecover;

    private final Set<String> acknowledged = new HashSet<>();
    private final Map<String, Set<String>> idsByKey = new HashMap<>();
    private final Map<String, Outcome> acknowledgedOutcomes = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private final Map<String, Integer> lastRun = new HashMap<>();
    private final List<String> runTwice = new ArrayList<>();

    sealed interface Step {}

    /**
     * A round.
     *
     * @param answered whether the node lives until it has answered
     * @param writtenOtherwise how many of the events were written when it dies
     */
    record Write(List<RegistryCommand> calls, boolean answered, int writtenOtherwise) implements Step {}

    /**
     * The registry starts again before it wrote anything.
     *
     * @param sameNode only the registry, and not the node whose jobs run on
     */
    record Crash(boolean sameNode) implements Step {}

    void take(Step step) {
        if (step instanceof Write write) {
            round(write);
        } else if (step instanceof Crash crash) {
            recover(crash.sameNode());
        }
    }

    /** Lets all that is outstanding be done. */
    void settle() {
        recover(false);
        for (int i = 0; i < 3; i++) {
            round(new Write(List.of(), true, 0));
        }
    }

    private void recover(boolean sameNode) {
        state = new RegistryState();
        journal.forEach(state::apply);
        toCopy.clear();
        state.ended().forEach(ended -> toCopy.put(ended.job().id(), ended));
        if (!sameNode) {
            instance++;
            lastRun.clear();
        }
        mustRecover = true;
    }

    private void round(Write write) {
        List<RegistryCommand> calls = write.calls();
        List<Ended> copied = List.copyOf(toCopy.values());
        copied.forEach(ended -> history.putIfAbsent(ended.job().id(), ended));
        List<RegistryCommand> commands = new ArrayList<>();
        if (mustRecover) {
            commands.add(new RegistryCommand.Recover("node " + instance));
            mustRecover = false;
        }
        copied.forEach(
                ended -> commands.add(new RegistryCommand.Archive(ended.job().id())));
        int first = commands.size();
        calls.forEach(call -> commands.add(filledIn(call)));
        List<Decision> decisions = RegistryDecisions.decide(state, commands, SomeJobs.NOON);
        List<RegistryEvent> events = decisions.stream()
                .flatMap(decision -> decision.events().stream())
                .toList();
        if (!write.answered()) {
            journal.addAll(events.subList(0, Math.min(write.writtenOtherwise(), events.size())));
            recover(false);
            return;
        }
        journal.addAll(events);
        decisions.forEach(decision -> decision.events().forEach(state::apply));
        copied.forEach(ended -> toCopy.remove(ended.job().id()));
        decisions.forEach(decision -> decision.effects().forEach(this::perform));
        for (int i = 0; i < calls.size(); i++) {
            note(commands.get(first + i), decisions.get(first + i));
        }
    }

    private RegistryCommand filledIn(RegistryCommand call) {
        if (call instanceof RegistryCommand.Start start) {
            return new RegistryCommand.Start(start.id(), start.attempt(), "node " + instance);
        } else if (call instanceof RegistryCommand.Accept accept) {
            NewJob job = accept.job();
            Optional<Ended> same = job.key()
                    .flatMap(key -> history.values().stream()
                            .filter(ended -> ended.job().job().key().equals(Optional.of(key)))
                            .findFirst())
                    .or(() -> Optional.ofNullable(history.get(job.id())));
            return new RegistryCommand.Accept(
                    job,
                    same.map(ended ->
                            new Finished(ended.view(), ended.job().job().contentHash())));
        }
        return call;
    }

    private void perform(Effect effect) {
        if (effect instanceof Effect.CopyToHistory copy) {
            toCopy.put(copy.ended().job().id(), copy.ended());
        } else if (effect instanceof Effect.Run run) {
            // The same node is asked again where the registry cannot know better; never for an attempt that is over.
            if (run.job().attempt() < lastRun.getOrDefault(run.job().id(), 0)) {
                runTwice.add(run.job().id());
            }
            lastRun.put(run.job().id(), run.job().attempt());
        }
    }

    private void note(RegistryCommand call, Decision decision) {
        if (call instanceof RegistryCommand.Accept accept) {
            Optional<String> id = decision.answer() instanceof Answer.Taken taken
                    ? Optional.of(taken.job().id())
                    : decision.answer() instanceof Answer.WasFinished was
                            ? Optional.of(was.job().id())
                            : Optional.empty();
            id.ifPresent(given -> {
                acknowledged.add(given);
                accept.job()
                        .key()
                        .ifPresent(key -> idsByKey.computeIfAbsent(key, k -> new HashSet<>())
                                .add(given));
            });
        } else if (call instanceof RegistryCommand.End end && !decision.events().isEmpty()) {
            Outcome before = acknowledgedOutcomes.put(end.id(), end.outcome());
            if (before != null) {
                wrong.add(end.id());
            }
        }
    }

    RegistryState state() {
        return state;
    }

    List<RegistryEvent> journal() {
        return journal;
    }

    /** Acknowledged, and neither live nor finished. */
    List<String> lost() {
        return acknowledged.stream()
                .filter(id -> state.find(id).isEmpty() && !history.containsKey(id))
                .toList();
    }

    /** With two ends in the journal, or another end in the history than the one that was acknowledged. */
    List<String> twiceEnded() {
        List<String> found = new ArrayList<>(wrong);
        Set<String> ended = new HashSet<>();
        journal.stream()
                .filter(RegistryEvent.JobEnded.class::isInstance)
                .filter(event -> !ended.add(event.id()))
                .forEach(event -> found.add(event.id()));
        acknowledgedOutcomes.forEach((id, outcome) -> {
            if (!history.containsKey(id) || !history.get(id).outcome().equals(outcome)) {
                found.add(id);
            }
        });
        return found;
    }

    List<String> keysWithSeveralJobs() {
        Map<String, Set<String>> byKey = new HashMap<>(idsByKey);
        journal.stream()
                .filter(RegistryEvent.JobAccepted.class::isInstance)
                .map(RegistryEvent.JobAccepted.class::cast)
                .forEach(accepted -> accepted.job()
                        .key()
                        .ifPresent(key ->
                                byKey.computeIfAbsent(key, k -> new HashSet<>()).add(accepted.id())));
        return byKey.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    List<String> runTwice() {
        return runTwice;
    }
}
