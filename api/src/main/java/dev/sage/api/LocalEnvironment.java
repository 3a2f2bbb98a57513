package dev.sage.api;

import dev.sage.api.spi.LocalRuntimeProvider;
import java.util.Comparator;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Runs jobs inside this JVM, or, in a program that was started by {@code sage submit}, on the node that was named there.
 * It is closed by {@link #close()}, or by the end of the JVM (a normal return with {@code System.exit}, Ctrl+C, SIGTERM),
 * with the same clean-up.
 */
public interface LocalEnvironment extends Environment {

    /** An environment with the settings of {@code reference.conf}, {@code application.conf} and the system properties. */
    static LocalEnvironment create(String name) {
        return create(name, Map.of());
    }

    /**
     * As {@link #create(String)}, with some settings changed.
     *
     * @param settings full keys, for example {@code "sage.exchange.batch-records", 64}; without effect on jobs that are
     *     submitted to a node, which has its own
     * @throws SageException with code {@code runtime.missing} when no runtime is on the class path, {@code
     *     config.invalid} when a setting is unknown or out of its bounds
     */
    static LocalEnvironment create(String name, Map<String, ?> settings) {
        return ServiceLoader.load(LocalRuntimeProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.precedence() != LocalRuntimeProvider.NOT_NOW)
                .max(Comparator.comparingInt(LocalRuntimeProvider::precedence))
                .orElseThrow(() -> new SageException(
                        "runtime.missing",
                        "No runtime for a LocalEnvironment is on the class path. Add the module sage-runtime-actors"
                                + " (dev.sage:sage-runtime-actors) to the dependencies."))
                .create(name, settings);
    }
}
