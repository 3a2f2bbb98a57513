package dev.sage.runtime.local;

import dev.sage.api.JobLeases;
import dev.sage.api.ProcessService;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import dev.sage.runtime.core.schedule.Demand;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a job needs outside of its JVM.
 *
 * @param programs that it runs, by the name of the service or command
 * @param ray whether it has actors of Ray
 * @param demand what these ask for, and the job itself
 */
record Demands(Map<String, ProcessService> programs, boolean ray, Demand demand) {

    static Demands of(JobGraph graph, SubmitOptions options) {
        Map<String, ProcessService> programs = programs(graph);
        Map<String, Demand.Need> needs = new LinkedHashMap<>();
        needs.put(JobLeases.OWN, new Demand.Need(options.gpus(), options.ports()));
        programs.forEach((holder, program) -> needs.put(holder, need(program)));
        return new Demands(programs, isOnRay(graph), of(needs));
    }

    private static boolean isOnRay(JobGraph graph) {
        return graph.services().stream().anyMatch(service -> service.body() instanceof ServiceBody.OnRay)
                || graph.vertices().stream()
                        .anyMatch(vertex -> vertex.operator() instanceof Operator.OnRay
                                || vertex.operator() instanceof Operator.KeyedOnRay);
    }

    /** The phases that have something to release. */
    Set<Step> outside() {
        Set<Step> steps = EnumSet.noneOf(Step.class);
        if (ray) {
            steps.add(Step.RELEASE_RAY_ACTORS);
        }
        if (!programs.isEmpty()) {
            steps.add(Step.STOP_PROCESSES);
        }
        if (!demand.holders().isEmpty()) {
            steps.add(Step.RELEASE_RESOURCES);
        }
        return steps;
    }

    private static Map<String, ProcessService> programs(JobGraph graph) {
        Map<String, ProcessService> programs = new LinkedHashMap<>();
        for (ServiceSpec service : graph.services()) {
            if (service.body() instanceof ServiceBody.OfProcess process) {
                programs.put(service.name(), process.program());
            }
        }
        graph.vertices().forEach(vertex -> {
            if (vertex.operator() instanceof Operator.CommandSource command) {
                programs.put(vertex.name(), command.program());
            }
        });
        return programs;
    }

    /** What a shared service asks for. */
    static Demand of(ServiceSpec service) {
        return service.body() instanceof ServiceBody.OfProcess process
                ? of(new LinkedHashMap<>(Map.of(service.name(), need(process.program()))))
                : Demand.NOTHING;
    }

    private static Demand of(Map<String, Demand.Need> needs) {
        needs.values().removeIf(need -> need.gpus() == 0 && need.ports() == 0);
        return new Demand(needs);
    }

    private static Demand.Need need(ProcessService program) {
        return new Demand.Need(program.gpus(), program.ports());
    }
}
