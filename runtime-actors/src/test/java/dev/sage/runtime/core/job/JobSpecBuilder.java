package dev.sage.runtime.core.job;

import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Jobs for tests: one source {@code t}, no service, autostop, all phases in their order, unless told otherwise. */
final class JobSpecBuilder {
    private boolean autostop = true;
    private List<String> tasks = List.of("t");
    private final Map<String, List<String>> services = new LinkedHashMap<>();
    private Set<String> kept = Set.of();
    private Set<Step> outside = Set.of();
    private Set<Step> recoverOff = Set.of();
    private List<Step> order = List.of(Step.values());

    JobSpecBuilder withoutAutostop() {
        autostop = false;
        return this;
    }

    /** The first one is a source. */
    JobSpecBuilder tasks(String... names) {
        tasks = List.of(names);
        return this;
    }

    JobSpecBuilder service(String name, String... needed) {
        services.put(name, List.of(needed));
        return this;
    }

    JobSpecBuilder keep(String... names) {
        kept = Set.of(names);
        return this;
    }

    JobSpecBuilder outside(Step... steps) {
        outside = Set.of(steps);
        return this;
    }

    JobSpecBuilder withoutRecover(Step... steps) {
        recoverOff = Set.of(steps);
        return this;
    }

    JobSpecBuilder order(Step... steps) {
        order = List.of(steps);
        return this;
    }

    JobSpec build() {
        List<ShutdownPhase> phases = order.stream()
                .map(step -> new ShutdownPhase(step, Duration.ofSeconds(10), !recoverOff.contains(step)))
                .toList();
        return new JobSpec(
                "j",
                autostop,
                tasks,
                Set.copyOf(tasks.subList(0, Math.min(1, tasks.size()))),
                services,
                kept,
                outside,
                Duration.ofSeconds(9),
                Duration.ofSeconds(1),
                phases);
    }
}
