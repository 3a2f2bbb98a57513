package dev.sage.api;

import dev.sage.api.graph.FileFormat;
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
        if (operator instanceof Operator.BatchSource || operator instanceof Operator.StreamSource) {
            throw new InvalidGraphException("'" + label() + "' is a source whose function cannot be asked for the same"
                    + " record again after it has thrown, so it takes no error policy. Catch the exception in the"
                    + " function and answer Next.nothingFor(…) to be asked again later; or emit what may be wrong as it"
                    + " is, and call onError after the map that makes a record of it.");
        }
        if (!hasFunctionForARecord()) {
            throw new InvalidGraphException("'" + label() + "' has no function that could throw at a record. Call"
                    + " onError right after the operator whose function may.");
        }
        if (operator instanceof Operator.FileSource && policy instanceof ErrorPolicy.Retry) {
            throw new InvalidGraphException("'" + label() + "' was to try again what it cannot read, and the same line"
                    + " would only fail in the same way. Call onError with ErrorPolicy.skip() or"
                    + " ErrorPolicy.deadLetter(…).");
        }
        onError = policy;
    }

    private boolean hasFunctionForARecord() {
        if (operator instanceof Operator.FileSource files) {
            return !(files.format() instanceof FileFormat.Lines);
        }
        return !(operator instanceof Operator.CollectionSource
                || operator instanceof Operator.RangeSource
                || operator instanceof Operator.Union
                || operator instanceof Operator.Feedback
                || operator instanceof Operator.Collect
                || operator instanceof Operator.Print);
    }
}
