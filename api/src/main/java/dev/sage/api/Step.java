package dev.sage.api;

import dev.sage.api.graph.Input;
import dev.sage.api.graph.Operator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operator while its graph is being built: what may still change is its name, its parallelism and its error policy. */
final class Step {
    final int id;
    final String kind;
    final Operator operator;
    final List<Input> inputs;

    @Nullable
    String given;

    int parallelism = 1;
    ErrorPolicy onError = ErrorPolicy.fail();

    Step(int id, String kind, Operator operator, List<Input> inputs) {
        this.id = id;
        this.kind = kind;
        this.operator = operator;
        this.inputs = new ArrayList<>(inputs);
    }

    String label() {
        return given == null ? kind : given;
    }

    void name(String name) {
        if (name.isBlank()) {
            throw new InvalidGraphException("The name of '" + kind + "' is blank.");
        }
        given = name;
    }

    void parallelism(int instances) {
        if (instances < 1) {
            throw new InvalidGraphException(
                    "The parallelism of '" + label() + "' is " + instances + "; it must be at least 1.");
        }
        parallelism = instances;
    }

    void onError(ErrorPolicy policy) {
        if (operator instanceof Operator.Source
                || operator instanceof Operator.Union
                || operator instanceof Operator.Collect
                || operator instanceof Operator.Print) {
            throw new InvalidGraphException("'" + label() + "' has no function that could throw at a record. Call"
                    + " onError right after the operator whose function may.");
        }
        onError = policy;
    }
}
