package dev.sage.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class of Python or Java that runs as an actor of Ray: a service of a job ({@link Environment#service(String,
 * RayService)}). A description only; immutable, each method answers a changed one.
 *
 * <p>The class is made once, in the actor, before the first call, and again for each restart. Its public methods are what
 * is called; if it has a method {@code cleanup} without parameters, that is called once when the job ends, before the actor
 * is killed whatever came of it. A class of Python needs to know nothing of Sage or Ray, and no {@code __init__}.
 *
 * <p>Values cross as what they are on the other side: null and {@code None}, booleans, whole numbers of any size, floating
 * ones, text, bytes, lists, maps; a Java record becomes a dict of its components, and a dict what the caller's method
 * returns. Between Java and Java anything that is serializable crosses.
 *
 * <p>What goes wrong is a {@link SageException}: {@code ray.start} (its class could not be made; the message has the
 * traceback), {@code ray.actor-died}, {@code ray.unavailable} (no cluster, or none that fits), {@code ray.lost} (the cluster
 * is gone), {@code ray.missing} (the module {@code ray-bridge} is not on the class path). What the actor's code raises is a
 * {@link PythonException}, or the exception itself from Java.
 *
 * @param arguments of its constructor
 * @param needs what Ray is to reserve for it
 * @param maxRestarts how often it may die and be made anew, where the declaration has no {@link RestartPolicy}
 * @param concurrency how many calls it runs at once, where the declaration does not say
 */
public record RayService(
        RayCode code, List<@Nullable Object> arguments, Remote needs, int maxRestarts, int concurrency) {
    /** Over a service's whole life. */
    private static final Duration EVER = Duration.ofDays(36_500);

    public RayService {
        arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
        if (maxRestarts < 0) {
            throw new InvalidGraphException(
                    "The actor of " + code + " has maxRestarts(" + maxRestarts + "); it must be at least 0.");
        }
        if (concurrency < 1) {
            throw new InvalidGraphException(
                    "The actor of " + code + " has concurrency(" + concurrency + "); it must be at least 1.");
        }
    }

    /**
     * A class of Python.
     *
     * @param module as it is imported, to be installed where the actors run or sent by {@link #code}; or the path of a file
     *     that ends with {@code .py}, which is read now and sent
     * @throws InvalidGraphException when these are no names, or the file cannot be read
     */
    public static RayService python(String module, String className) {
        return new RayService(RayCode.Python.of(module, className), List.of(), Remote.remote(), 0, 1);
    }

    /**
     * A class of Java, with the constructor that takes the {@linkplain #args arguments}. It is found on the class path of
     * here, or in the code that was sent with the job.
     */
    public static RayService java(Class<?> type) {
        return new RayService(new RayCode.JavaClass(type), List.of(), Remote.remote(), 0, 1);
    }

    static RayService factory(ServiceFactory<?> factory, Remote needs) {
        return new RayService(new RayCode.JavaFactory(factory), List.of(), needs, 0, 1);
    }

    /** For its constructor. */
    public RayService args(@Nullable Object... values) {
        return new RayService(code, Arrays.asList(values), needs, maxRestarts, concurrency);
    }

    /** So many GPUs of the Ray cluster, see {@link Remote}; the actor sees no others. */
    public RayService gpus(double count) {
        return needs(needs.gpus(count));
    }

    /** So many CPUs of the Ray cluster. */
    public RayService cpus(double count) {
        return needs(needs.cpus(count));
    }

    /** So much of a resource that the cluster was given under this name. */
    public RayService resource(String name, double amount) {
        return needs(needs.resource(name, amount));
    }

    private RayService needs(Remote changed) {
        return new RayService(code, arguments, changed, maxRestarts, concurrency);
    }

    /** So often it may die while it runs and be made anew; calls wait for that. Once more fails the job. 0 when not given. */
    public RayService maxRestarts(int times) {
        return new RayService(code, arguments, needs, times, concurrency);
    }

    /** So many calls run at once in the actor, on threads of their own; its class must be made for that. 1 when not given. */
    public RayService concurrency(int calls) {
        return new RayService(code, arguments, needs, maxRestarts, calls);
    }

    /**
     * Code that is sent to the actor: a file is imported by its name, a folder as a package of its name. Read now, on this
     * machine.
     *
     * @throws InvalidGraphException when it cannot be read, or has more than 16 MiB; or for a class of Java, whose code is
     *     the class path
     */
    public RayService code(Path... paths) {
        return new RayService(RayPool.with(code, paths), arguments, needs, maxRestarts, concurrency);
    }

    RestartPolicy restartPolicy() {
        return maxRestarts == 0 ? RestartPolicy.never() : RestartPolicy.upTo(maxRestarts, EVER);
    }
}
