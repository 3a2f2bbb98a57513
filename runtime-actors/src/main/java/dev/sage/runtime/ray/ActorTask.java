package dev.sage.runtime.ray;

import dev.sage.api.KeyFunction;
import dev.sage.api.RayPool;
import dev.sage.api.graph.Operator;
import dev.sage.runtime.dataplane.RemotePool.Outcome;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an operator asks of an actor for each record, and what it makes of the answer. */
abstract class ActorTask {
    final String method;

    ActorTask(String method) {
        this.method = method;
    }

    static ActorTask of(Operator operator) {
        if (operator instanceof Operator.KeyedOnRay keyed) {
            return new Keyed(keyed);
        }
        if (operator instanceof Operator.OnRay plain) {
            return new Plain(plain);
        }
        throw new IllegalArgumentException(
                operator.getClass().getSimpleName() + " is no operator that runs in actors of Ray.");
    }

    static RayPool pool(Operator operator) {
        return operator instanceof Operator.KeyedOnRay keyed ? keyed.pool() : ((Operator.OnRay) operator).pool();
    }

    abstract Type answer();

    /** User code may run, the key function. */
    abstract List<@Nullable Object> arguments(Object value) throws Exception;

    abstract Outcome outcome(Object value, @Nullable Object answer);

    /** The method to be called when the input has ended. */
    Optional<String> end() {
        return Optional.empty();
    }

    /** How many actors may be replaced where the pool does not say. */
    abstract int usualRestarts();

    final Outcome elements(@Nullable Object answer) {
        if (answer instanceof List<?> list && list.stream().noneMatch(Objects::isNull)) {
            return Outcome.of(Collections.<Object>unmodifiableList(list));
        }
        return nothing(answer == null ? "nothing" : "a list with nothing in it at one place");
    }

    final Outcome nothing(String what) {
        return Outcome.failed(new NullPointerException("method '" + method + "' answered " + what
                + "; a record is never null. Filter it out before, or after" + " a flatMap answer an empty list."));
    }

    private static final class Plain extends ActorTask {
        private final Operator.OnRay operator;

        Plain(Operator.OnRay operator) {
            super(operator.method());
            this.operator = operator;
        }

        @Override
        Type answer() {
            return operator.kind() == Operator.OnRay.Kind.FLAT_MAP ? new ListOf(operator.type()) : operator.type();
        }

        @Override
        List<@Nullable Object> arguments(Object value) {
            return List.of(value);
        }

        @Override
        Outcome outcome(Object value, @Nullable Object answer) {
            return switch (operator.kind()) {
                case MAP -> answer == null ? nothing("nothing") : Outcome.of(List.of(answer));
                case FLAT_MAP -> elements(answer);
                case FILTER ->
                    answer instanceof Boolean keep
                            ? Outcome.of(keep ? List.of(value) : List.of())
                            : nothing("neither true nor false");
            };
        }

        @Override
        int usualRestarts() {
            return 3;
        }
    }

    private static final class Keyed extends ActorTask {
        private final Operator.KeyedOnRay operator;
        private final KeyFunction<Object, Object> key;

        @SuppressWarnings("unchecked")
        Keyed(Operator.KeyedOnRay operator) {
            super(operator.method());
            this.operator = operator;
            this.key = (KeyFunction<Object, Object>) operator.key();
        }

        @Override
        Type answer() {
            return new ListOf(operator.type());
        }

        @Override
        List<@Nullable Object> arguments(Object value) throws Exception {
            return List.of(key.keyOf(value), value);
        }

        @Override
        Outcome outcome(Object value, @Nullable Object answer) {
            return elements(answer);
        }

        @Override
        Optional<String> end() {
            return operator.end();
        }

        @Override
        int usualRestarts() {
            return 0;
        }
    }
}
