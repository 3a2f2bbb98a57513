package dev.sage.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.sage.api.SageException;
import dev.sage.runtime.core.job.ShutdownPhase;
import dev.sage.runtime.core.schedule.ScheduleLimits;
import dev.sage.runtime.dataplane.DataPlaneSettings;
import dev.sage.runtime.process.ProcessSettings;
import dev.sage.runtime.ray.RaySettings;
import dev.sage.runtime.resource.LeaseSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The settings under {@code sage}, checked. {@code reference.conf} tells what each one means.
 *
 * @param config all settings, Pekko's among them
 * @param home blank for the usual one
 */
public record SageSettings(
        Config config,
        String home,
        SchedulingSettings scheduling,
        LeaseSettings leases,
        ProcessSettings process,
        RaySettings ray,
        int keptOutputs,
        int maxParallelism,
        Duration startTimeout,
        int eventHistory,
        Duration progressInterval,
        Duration interruptAfter,
        Duration hurriedTimeout,
        Duration callTimeout,
        Duration callsEndWithin,
        List<ShutdownPhase> phases,
        Duration closeTimeout,
        DataPlaneSettings dataPlane) {
    private static final int MAX_GPU = 1_023;

    /**
     * Reads the settings.
     *
     * @param overrides full keys with values that win over every file and property
     * @throws SageException with code {@code config.invalid}, naming the key, the value and the bound
     */
    public static SageSettings load(Map<String, ?> overrides) {
        try {
            return read(layers(overrides));
        } catch (ConfigException e) {
            throw new SageException("config.invalid", "The configuration cannot be used: " + e.getMessage(), e);
        }
    }

    private static Config layers(Map<String, ?> overrides) {
        Config reference = ConfigFactory.defaultReference();
        Config config = ConfigFactory.parseMap(overrides, "settings of the environment")
                .withFallback(ConfigFactory.defaultOverrides())
                .withFallback(ConfigFactory.defaultApplication())
                .withFallback(ConfigFactory.parseResourcesAnySyntax("sage-pekko"))
                .withFallback(reference)
                .resolve();
        // Both without system properties, which would make each other known, and are for others as well.
        Config given = ConfigFactory.parseMap(overrides)
                .withFallback(ConfigFactory.defaultApplication())
                .withOnlyPath("sage")
                .resolveWith(config);
        Config known =
                ConfigFactory.defaultReferenceUnresolved().withOnlyPath("sage").resolveWith(config);
        if (given.hasPath("sage")) {
            KnownKeys.check(given.getConfig("sage"), known.getConfig("sage"));
        }
        return config;
    }

    private static SageSettings read(Config config) {
        Checked sage = new Checked(config, "sage");
        List<ShutdownPhase> phases = PhasesSetting.read(config);
        Duration closeTimeout = sage.duration("environment.close-timeout");
        Duration allPhases = phases.stream().map(ShutdownPhase::timeout).reduce(Duration.ZERO, Duration::plus);
        Checked.within(
                "the sum of sage.job-shutdown.phases.*.timeout",
                allPhases,
                "sage.environment.close-timeout",
                closeTimeout);
        Duration interruptAfter = sage.duration("job-shutdown.interrupt-after");
        Checked.within(
                "sage.job-shutdown.interrupt-after",
                interruptAfter,
                "sage.job-shutdown.phases.stop-tasks.timeout",
                ShutdownPhase.timeoutOf(phases, ShutdownPhase.Step.STOP_TASKS));
        Duration callsEndWithin = sage.duration("service.calls-end-within");
        Checked.within(
                "sage.service.calls-end-within",
                callsEndWithin,
                "sage.job-shutdown.phases.stop-services.timeout",
                ShutdownPhase.timeoutOf(phases, ShutdownPhase.Step.STOP_SERVICES));
        int threads = sage.integer("executor.threads", 0, 1_024);
        int keyGroups = sage.integer("exchange.key-groups", 1, 1 << 15);
        int feedbackMaxRecords = sage.integer("feedback.max-records", 1, 1 << 30);
        return new SageSettings(
                config,
                sage.text("home"),
                scheduling(sage),
                leases(sage),
                process(sage, phases),
                ray(sage, phases),
                sage.integer("process.output.keep-jobs", 1, 1_000_000),
                sage.integer("job.max-parallelism", 1, keyGroups),
                sage.duration("job.start-timeout"),
                sage.integer("job.event-history", 1, 10_000_000),
                sage.duration("job.progress-interval"),
                interruptAfter,
                sage.duration("job-shutdown.hurried-timeout"),
                sage.duration("service.call-timeout"),
                callsEndWithin,
                phases,
                closeTimeout,
                new DataPlaneSettings(
                        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                        sage.duration("executor.quantum"),
                        sage.duration("executor.replace-after"),
                        sage.integer("exchange.batch-records", 1, 1 << 20),
                        sage.integer("exchange.channel-batches", 1, 1 << 16),
                        sage.integer("exchange.overdraw-records", 1, Integer.MAX_VALUE),
                        keyGroups,
                        sage.integer("join.max-records", 1, Integer.MAX_VALUE - 16),
                        sage.integer("source.max-line-bytes", 1, Integer.MAX_VALUE - 16),
                        sage.integer("source.max-files", 1, 10_000_000),
                        sage.duration("source.catch-up"),
                        sage.integer("source.hand-off-records", 1, 1 << 20),
                        sage.integer("collect.max-records", 1, Integer.MAX_VALUE - 16),
                        sage.integer("feedback.gate-records", 1, feedbackMaxRecords),
                        feedbackMaxRecords));
    }

    private static SchedulingSettings scheduling(Checked sage) {
        String ids = "sage.gpus.ids";
        List<Integer> gpus = NumberRanges.parse(ids, sage.text("gpus.ids"), 0, MAX_GPU);
        String groupsKey = "sage.gpus.groups";
        List<List<Integer>> groups = NumberRanges.parseGroups(groupsKey, sage.text("gpus.groups"), 0, MAX_GPU);
        List<Integer> grouped = groups.stream().flatMap(List::stream).toList();
        for (int id : grouped) {
            if (!gpus.contains(id)) {
                throw Checked.invalid(groupsKey + " names GPU " + id + ", which is not among those of " + ids + ", "
                        + gpus + ". Name it in both or in neither.");
            }
        }
        if (Set.copyOf(grouped).size() < grouped.size()) {
            throw Checked.invalid(groupsKey + " is \"" + sage.text("gpus.groups")
                    + "\", and has a GPU in two groups. Name each in one.");
        }
        return new SchedulingSettings(
                new ScheduleLimits(
                        sage.integer("job.max-running", 1, 1_000_000),
                        sage.integer("job.max-waiting", 0, 1_000_000),
                        unlimitedAt0(sage.integer("queue.max-running-per-owner", 0, 1_000_000)),
                        unlimitedAt0(sage.integer("queue.max-gpus-per-owner", 0, 1_000_000)),
                        sage.duration("queue.ageing"),
                        sage.integer("queue.decisions-kept", 0, 1_000_000)),
                gpus,
                groups,
                NumberRanges.parse("sage.ports.range", sage.text("ports.range"), 1, 65_535),
                sage.duration("queue.recheck-after"));
    }

    private static LeaseSettings leases(Checked sage) {
        String idleCheck = sage.text("gpus.idle-check.when");
        if (!List.of("available", "required", "off").contains(idleCheck)) {
            throw Checked.invalid("sage.gpus.idle-check.when is \"" + idleCheck
                    + "\"; it must be \"available\", \"required\" or \"off\".");
        }
        boolean off = idleCheck.equals("off");
        return new LeaseSettings(
                Path.of(sage.text("locks-folder")),
                sage.text("gpus.idle-check.command"),
                off ? "" : Objects.requireNonNullElse(System.getenv("PATH"), ""),
                idleCheck.equals("required"),
                sage.duration("gpus.idle-check.within"),
                sage.integer("gpus.idle-check.memory-mebibytes", 0, 1 << 20),
                sage.duration("gpus.idle-check.free-within"));
    }

    private static int unlimitedAt0(int limit) {
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    /** The phases bound what a process is given: who shortens them need not shorten these as well. */
    private static ProcessSettings process(Checked sage, List<ShutdownPhase> phases) {
        Duration stopWithin = shorter(
                sage.duration("process.stop-within"),
                ShutdownPhase.timeoutOf(phases, ShutdownPhase.Step.STOP_SERVICES)
                        .dividedBy(2));
        Duration killWithin = shorter(
                sage.duration("process.kill-within"),
                ShutdownPhase.timeoutOf(phases, ShutdownPhase.Step.STOP_PROCESSES)
                        .dividedBy(2));
        return new ProcessSettings(
                stopWithin,
                killWithin,
                sage.duration("process.ready-within"),
                sage.integer("process.output.file-bytes", 1 << 10, 1 << 30),
                sage.integer("process.output.files", 1, 1_000),
                sage.integer("process.output.line-bytes", 64, 1 << 24),
                sage.integer("process.output.last-lines", 0, 10_000),
                sage.integer("process.output.follow-lines", 1, 1_000_000),
                sage.integer("process.answer-bytes", 1, Integer.MAX_VALUE - 16));
    }

    private static RaySettings ray(Checked sage, List<ShutdownPhase> phases) {
        Duration releaseWithin = ShutdownPhase.timeoutOf(phases, ShutdownPhase.Step.RELEASE_RAY_ACTORS);
        return new RaySettings(
                sage.duration("job.start-timeout"),
                shorter(sage.duration("ray.cleanup-within"), releaseWithin.dividedBy(2)),
                releaseWithin,
                sage.duration("ray.batch-within"),
                sage.integer("ray.batch-records", 1, 1 << 20),
                sage.integer("ray.calls-per-actor", 1, 1_024));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
