package dev.sage.runtime.config;

import com.typesafe.config.Config;
import dev.sage.runtime.core.job.ShutdownPhase;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The phases of a job's shutdown: declared with what each depends on, ordered so that each follows those. */
final class PhasesSetting {
    private static final String KEY = "sage.job-shutdown.phases";

    private PhasesSetting() {}

    static List<ShutdownPhase> read(Config config) {
        Map<Step, ShutdownPhase> declared = new EnumMap<>(Step.class);
        Map<Step, Set<Step>> dependsOn = new EnumMap<>(Step.class);
        for (Step step : Step.values()) {
            String path = KEY + "." + step.key();
            Duration timeout = new Checked(config, path).duration("timeout");
            declared.put(step, new ShutdownPhase(step, timeout, config.getBoolean(path + ".recover")));
            Set<Step> before = EnumSet.noneOf(Step.class);
            config.getStringList(path + ".depends-on").forEach(name -> before.add(step(name, step)));
            dependsOn.put(step, before);
        }
        List<ShutdownPhase> ordered = new ArrayList<>();
        while (!declared.isEmpty()) {
            Step next = declared.keySet().stream()
                    .filter(step ->
                            dependsOn.getOrDefault(step, Set.of()).stream().noneMatch(declared::containsKey))
                    .findFirst()
                    .orElseThrow(() -> Checked.invalid(KEY + ": the phases "
                            + declared.keySet().stream().map(Step::key).toList()
                            + " depend on each other in a circle. Check their depends-on."));
            ordered.add(declared.remove(next));
        }
        checkOrder(ordered);
        return List.copyOf(ordered);
    }

    private static Step step(String name, Step dependent) {
        try {
            return Step.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw Checked.invalid(KEY + "." + dependent.key() + ".depends-on names '" + name
                    + "', which is no phase. The phases are "
                    + List.of(Step.values()).stream().map(Step::key).toList()
                    + ".");
        }
    }

    /** What uses must end before what is used, and the outcome is recorded last, whatever is configured. */
    private static void checkOrder(List<ShutdownPhase> phases) {
        List<Step> order = phases.stream().map(ShutdownPhase::step).toList();
        List<Step> fixed = List.of(
                Step.STOP_SOURCES, Step.DRAIN_TASKS, Step.STOP_TASKS, Step.STOP_SERVICES, Step.CLEANUP_SERVICES);
        List<Step> found = order.stream().filter(fixed::contains).toList();
        if (!found.equals(fixed) || order.indexOf(Step.RECORD_OUTCOME) != order.size() - 1) {
            throw Checked.invalid(
                    KEY + ": the order is " + order.stream().map(Step::key).toList()
                            + "; sources, tasks and services must end in this order, and record-outcome must be last."
                            + " Check the depends-on of the phases.");
        }
    }
}
