package dev.sage.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Actors of Ray that run an operator: {@code stream.on(RayPool.python("model.py", "Scorer").actors(4).gpus(0.5)).map("score",
 * Answer.class)}. A description only; immutable, each method answers a changed one. The class is as that of a {@link
 * RayService}, made once in each actor.
 *
 * <p>Records go to the actors in batches, as large as they are when the input runs dry, up to {@link #batch}; each actor has
 * a few batches under way, and more are not sent, so that slow actors slow the stream down. The results keep the order of
 * the records.
 *
 * @param arguments of the constructor, the same for each actor
 * @param needs what Ray is to reserve for each actor
 * @param actors how many there are
 * @param maxRestarts how many actors of one instance of the operator may die and be replaced
 * @param batch records that one call takes at most; {@code sage.ray.batch-records} when empty
 */
public record RayPool(
        RayCode code,
        List<@Nullable Object> arguments,
        Remote needs,
        int actors,
        OptionalInt maxRestarts,
        OptionalInt batch) {
    public RayPool {
        arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
        if (actors < 1) {
            throw new InvalidGraphException(
                    "The pool of " + code + " has actors(" + actors + "); it must be at least 1.");
        }
        requireAtLeast(code, "maxRestarts", maxRestarts, 0);
        requireAtLeast(code, "batch", batch, 1);
    }

    /** A class of Python; see {@link RayService#python}. */
    public static RayPool python(String module, String className) {
        return of(RayCode.Python.of(module, className));
    }

    /** A class of Java; see {@link RayService#java}. */
    public static RayPool java(Class<?> type) {
        return of(new RayCode.JavaClass(type));
    }

    private static RayPool of(RayCode code) {
        return new RayPool(code, List.of(), Remote.remote(), 1, OptionalInt.empty(), OptionalInt.empty());
    }

    /** For the constructor of each actor. */
    public RayPool args(@Nullable Object... values) {
        return new RayPool(code, Arrays.asList(values), needs, actors, maxRestarts, batch);
    }

    /** So many. 1 when not given. */
    public RayPool actors(int count) {
        return new RayPool(code, arguments, needs, count, maxRestarts, batch);
    }

    /** So many GPUs of the Ray cluster for each actor, see {@link Remote}. */
    public RayPool gpus(double count) {
        return needs(needs.gpus(count));
    }

    /** So many CPUs of the Ray cluster for each actor. */
    public RayPool cpus(double count) {
        return needs(needs.cpus(count));
    }

    /** So much of a resource of the cluster for each actor. */
    public RayPool resource(String name, double amount) {
        return needs(needs.resource(name, amount));
    }

    private RayPool needs(Remote changed) {
        return new RayPool(code, arguments, changed, actors, maxRestarts, batch);
    }

    /**
     * So many actors of one instance of the operator may die. Each is replaced, and the batches that it had are repeated, so
     * that a record may be worked on twice. One death more fails the job. When not given it is 3; 0 for an operator by key,
     * whose actors keep values that a new one does not have.
     */
    public RayPool maxRestarts(int times) {
        return new RayPool(code, arguments, needs, actors, OptionalInt.of(times), batch);
    }

    /** So many records go to an actor in one call at most. */
    public RayPool batch(int records) {
        return new RayPool(code, arguments, needs, actors, maxRestarts, OptionalInt.of(records));
    }

    /** Code that is sent to the actors; see {@link RayService#code}. */
    public RayPool code(Path... paths) {
        return new RayPool(with(code, paths), arguments, needs, actors, maxRestarts, batch);
    }

    static RayCode with(RayCode code, Path... paths) {
        if (code instanceof RayCode.Python python) {
            return python.with(paths);
        }
        throw new InvalidGraphException("code(…) was called for " + code
                + ". Of Java the class path is sent; only Python needs its files named.");
    }

    private static void requireAtLeast(RayCode code, String what, OptionalInt given, int least) {
        if (given.isPresent() && given.getAsInt() < least) {
            throw new InvalidGraphException("The pool of " + code + " has " + what + "(" + given.getAsInt()
                    + "); it must be at least " + least + ".");
        }
    }
}
