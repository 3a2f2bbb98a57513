package dev.sage.runtime.local;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.job.JobSpec;
import dev.sage.runtime.core.job.ShutdownPhase;
import dev.sage.runtime.plan.Chain;
import dev.sage.runtime.plan.Plan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a submitted graph means for the life of its job. */
final class JobSpecs {
    private JobSpecs() {}

    static JobSpec of(
            String id, JobGraph graph, Plan plan, Demands demands, SubmitOptions options, SageSettings settings) {
        Map<String, List<String>> services = new LinkedHashMap<>();
        graph.services().forEach(service -> services.put(service.name(), service.dependsOn()));
        return new JobSpec(
                id,
                options.isAutostop(),
                plan.chains().stream().flatMap(JobSpecs::taskNames).toList(),
                plan.chains().stream()
                        .filter(chain -> chain.head().operator() instanceof Operator.Source)
                        .flatMap(JobSpecs::taskNames)
                        .collect(Collectors.toUnmodifiableSet()),
                services,
                Set.copyOf(options.keptServices()),
                demands.outside(),
                settings.startTimeout(),
                settings.interruptAfter(),
                phases(options, settings));
    }

    private static Stream<String> taskNames(Chain chain) {
        return IntStream.range(0, chain.parallelism()).mapToObj(instance -> chain.taskName() + "/" + instance);
    }

    private static List<ShutdownPhase> phases(SubmitOptions options, SageSettings settings) {
        List<String> known = settings.phases().stream().map(ShutdownPhase::name).toList();
        for (String phase : options.phaseTimeouts().keySet()) {
            if (!known.contains(phase)) {
                throw new InvalidGraphException(
                        "phaseTimeout names '" + phase + "', which is no phase. The phases are " + known + ".");
            }
        }
        return settings.phases().stream()
                .map(phase -> new ShutdownPhase(
                        phase.step(),
                        options.phaseTimeouts().getOrDefault(phase.name(), phase.timeout()),
                        phase.recover()))
                .toList();
    }
}
