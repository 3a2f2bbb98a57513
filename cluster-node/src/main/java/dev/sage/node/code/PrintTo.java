package dev.sage.node.code;

import dev.sage.api.Sink;
import java.util.function.Consumer;

/** Gives each record of a {@code print()} as a line to whoever keeps the output of the job. */
record PrintTo(String prefix, Consumer<String> lines) implements Sink<Object> {
    @Override
    public void accept(Object value) {
        lines.accept(prefix + value);
    }
}
