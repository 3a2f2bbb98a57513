package dev.sage.api;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function object for each parallel instance of an operator, for functions that keep something between two records:
 * {@code map(PerInstance.of(Scorer::new))}. Without it one object serves all instances, from several threads.
 *
 * <p>The object is made at its instance's first use of it, on the thread that then works for the task.
 *
 * @param <F> the type of function
 */
public final class PerInstance<F> implements Serializable {
    private static final long serialVersionUID = 1;

    private final Factory<F> factory;

    /** Makes a function object. What it throws is treated as if the function had thrown it. */
    @FunctionalInterface
    public interface Factory<F> extends Serializable {
        F create() throws Exception;
    }

    private PerInstance(Factory<F> factory) {
        this.factory = factory;
    }

    public static <F> PerInstance<F> of(Factory<F> factory) {
        return new PerInstance<>(Objects.requireNonNull(factory, "factory"));
    }

    /** The place of the function of one instance. */
    Made<F> make() {
        return new Made<>(factory);
    }

    /** A function that is made when it is first asked for; an async operator asks on several threads. */
    static final class Made<F> {
        private final Factory<F> factory;
        private @Nullable F function;

        private Made(Factory<F> factory) {
            this.factory = factory;
        }

        synchronized F get() throws Exception {
            F made = function;
            if (made == null) {
                made = Objects.requireNonNull(factory.create(), "the factory of PerInstance.of returned null");
                function = made;
            }
            return made;
        }
    }
}
