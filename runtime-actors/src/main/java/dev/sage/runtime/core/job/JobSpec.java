package dev.sage.runtime.core.job;

import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a job consists of, as far as its life is concerned.
 *
 * @param tasks all task names
 * @param sources those tasks that are sources
 * @param services each service with those that it depends on
 * @param kept the services that outlive a COMPLETED job
 * @param outside the phases that release what the job has outside of its JVM
 * @param phases in the order in which they run
 */
public record JobSpec(
        String id,
        boolean autostop,
        List<String> tasks,
        Set<String> sources,
        Map<String, List<String>> services,
        Set<String> kept,
        Set<Step> outside,
        Duration startTimeout,
        Duration interruptAfter,
        List<ShutdownPhase> phases) {

    List<String> dependents(String service) {
        return services.entrySet().stream()
                .filter(entry -> entry.getValue().contains(service))
                .map(Map.Entry::getKey)
                .toList();
    }
}
