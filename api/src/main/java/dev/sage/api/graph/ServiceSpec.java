package dev.sage.api.graph;

import dev.sage.api.RestartPolicy;
import dev.sage.api.spi.ServiceCaller;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A service of a job, or a shared one.
 *
 * @param concurrency how many calls at once; 1 is serial
 * @param callTimeout empty for the configured default
 * @param restart what happens when it dies
 * @param bind is to be given the way to call it, before any of the job's functions runs
 */
public record ServiceSpec(
        String name,
        ServiceBody body,
        int concurrency,
        Optional<Duration> callTimeout,
        RestartPolicy restart,
        List<String> dependsOn,
        Consumer<ServiceCaller> bind) {
    public ServiceSpec {
        dependsOn = List.copyOf(dependsOn);
    }
}
