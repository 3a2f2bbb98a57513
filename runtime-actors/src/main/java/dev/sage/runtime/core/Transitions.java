package dev.sage.runtime.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The transition table of one entity: from which state which trigger leads where. What is not in it cannot happen.
 *
 * @param <S> the states
 * @param <T> the triggers
 */
public final class Transitions<S extends Enum<S>, T extends Enum<T>> {

    public record Transition<S, T>(S from, T trigger, S to) {}

    private final S initial;
    private final List<Transition<S, T>> all = new ArrayList<>();

    private Transitions(S initial) {
        this.initial = initial;
    }

    public static <S extends Enum<S>, T extends Enum<T>> Transitions<S, T> startingAt(S initial) {
        return new Transitions<>(initial);
    }

    /** For building the constant only. */
    public Transitions<S, T> add(S from, T trigger, S to) {
        if (next(from, trigger).isPresent()) {
            throw new IllegalArgumentException("Two transitions from " + from + " by " + trigger + ".");
        }
        all.add(new Transition<>(from, trigger, to));
        return this;
    }

    public Optional<S> next(S from, T trigger) {
        for (Transition<S, T> transition : all) {
            if (transition.from == from && transition.trigger == trigger) {
                return Optional.of(transition.to);
            }
        }
        return Optional.empty();
    }

    /** As {@link #next}, where an impossible move is a defect of the caller. */
    public S require(S from, T trigger) {
        return next(from, trigger)
                .orElseThrow(() -> new IllegalStateException("No transition from " + from + " by " + trigger + "."));
    }

    public List<Transition<S, T>> all() {
        return List.copyOf(all);
    }

    /** A Mermaid state diagram; moves between the same two states share an arrow. */
    public String diagram() {
        Map<String, String> arrows = new TreeMap<>();
        for (Transition<S, T> transition : all) {
            arrows.merge(
                    transition.from + " --> " + transition.to,
                    String.valueOf(transition.trigger),
                    (one, other) -> one + ", " + other);
        }
        StringBuilder text = new StringBuilder("stateDiagram-v2\n    [*] --> ")
                .append(initial)
                .append('\n');
        arrows.forEach((arrow, triggers) ->
                text.append("    ").append(arrow).append(" : ").append(triggers).append('\n'));
        all.stream()
                .map(Transition::to)
                .distinct()
                .filter(state -> all.stream().noneMatch(transition -> transition.from == state))
                .sorted()
                .forEach(state -> text.append("    ").append(state).append(" --> [*]\n"));
        return text.toString();
    }
}
