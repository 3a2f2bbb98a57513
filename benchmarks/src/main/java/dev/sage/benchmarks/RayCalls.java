package dev.sage.benchmarks;

import dev.sage.benchmarks.Measured.What;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What Sage costs on the way to actors of Ray, against a plain driver of Ray in a JVM of its own, in the same cluster at the
 * same time. The two take turns, so that whatever else the machine does hits both.
 *
 * <p>Arguments: the interpreter of a Python environment with Ray, how many milliseconds one measurement takes, how many
 * rounds there are, and which cases, for example {@code java,many,each}; all without that.
 */
public final class RayCalls {
    private static final int UNDER_WAY = 64;
    private static final int CPUS = 2;
    private static final int WARM_UP_ROUNDS = 6;
    private static final String ALL = "python,java,sync,many,each,batched";

    private final String language;
    private final PlainRayProcess plain;
    private final SageRay sage;
    private final Duration time;
    private final Set<String> cases;
    private final Map<What, List<Measured>> seen = new EnumMap<>(What.class);

    private RayCalls(String language, PlainRayProcess plain, SageRay sage, Duration time, Set<String> cases) {
        this.language = language;
        this.plain = plain;
        this.sage = sage;
        this.time = time;
        this.cases = cases;
    }

    public static void main(String[] args) throws Exception {
        if (args.length < 1) {
            throw new IllegalArgumentException("Usage: RayCalls PYTHON [MILLIS [ROUNDS [CASES]]]");
        }
        Duration time = Duration.ofMillis(args.length > 1 ? Integer.parseInt(args[1]) : 1_000);
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 7;
        Set<String> cases = Set.of((args.length > 3 ? args[3] : ALL).split(","));
        Path folder = Files.createTempDirectory("sage-benchmark-");
        try {
            Path module = Files.writeString(folder.resolve("echo.py"), Echo.PYTHON);
            try (BenchmarkCluster cluster = new BenchmarkCluster(folder, Path.of(args[0]), CPUS);
                    PlainRayProcess plain = PlainRayProcess.start(cluster.cluster(), folder, UNDER_WAY)) {
                print("%s; Java %s", cluster.cluster().describe(), Runtime.version());
                for (String language : List.of("python", "java")) {
                    if (!cases.contains(language)) {
                        continue;
                    }
                    try (SageRay sage = new SageRay(language, module, cluster.settings(), UNDER_WAY)) {
                        new RayCalls(language, plain, sage, time, cases).run(rounds);
                    }
                }
            }
        } finally {
            NodeProcess.delete(folder);
        }
    }

    private void run(int rounds) throws Exception {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            round(time);
        }
        seen.clear();
        for (int i = 0; i < rounds; i++) {
            round(time);
        }
        seen.forEach(this::print);
        compare("one call, p50", What.SAGE_SYNC, What.PLAIN_SYNC, measured -> measured.millis(0.5));
        compare("one call, p99", What.SAGE_SYNC, What.PLAIN_SYNC, measured -> measured.millis(0.99));
        compare("calls/s, actor of many", What.SAGE_MANY, What.PLAIN_MANY, Measured::perSecond);
        compare("calls/s, actor of one", What.SAGE_EACH, What.PLAIN_EACH, Measured::perSecond);
        compare("CPU of a call, actor of many", What.SAGE_MANY, What.PLAIN_MANY, Measured::cpuMicros);
        compare("CPU of a call, actor of one", What.SAGE_EACH, What.PLAIN_EACH, Measured::cpuMicros);
        compare(
                "records/s in batches to one call each, waited for",
                What.SAGE_BATCHED,
                What.SAGE_SYNC,
                Measured::perSecond);
        compare(
                "records/s in batches to one call each, many under way",
                What.SAGE_BATCHED,
                What.SAGE_EACH,
                Measured::perSecond);
    }

    private void round(Duration of) throws Exception {
        Echo.Calls service = sage.service();
        add(What.PLAIN_SYNC, () -> plain.sync(language, of));
        add(What.SAGE_SYNC, () -> Measured.of(Load.run(1, of, client -> service.echo(client))));
        add(What.PLAIN_MANY, () -> plain.async(language + "-wide", of, UNDER_WAY));
        add(What.SAGE_MANY, () -> sage.async().send(of));
        add(What.PLAIN_EACH, () -> plain.async(language, of, UNDER_WAY));
        add(What.SAGE_EACH, () -> sage.single().send(of));
        add(What.SAGE_BATCHED, () -> sage.batched().send(of));
    }

    private void add(What what, Measured.Run run) throws Exception {
        String name = what.name().toLowerCase(Locale.ROOT);
        if (!cases.contains(name.substring(name.indexOf('_') + 1))) {
            return;
        }
        seen.computeIfAbsent(what, first -> new ArrayList<>()).add(Measured.with(run));
    }

    private void print(What what, List<Measured> rounds) {
        for (Measured round : rounds) {
            print("%-6s %-12s %s", language, what.name().toLowerCase(Locale.ROOT), round);
        }
    }

    /** Of each round by itself. */
    private void compare(String what, What sages, What other, ToDoubleFunction<Measured> value) {
        List<Measured> ours = seen.getOrDefault(sages, List.of());
        List<Measured> others = seen.getOrDefault(other, List.of());
        if (ours.isEmpty() || others.isEmpty()) {
            return;
        }
        double[] ratios = new double[ours.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = value.applyAsDouble(ours.get(i)) / value.applyAsDouble(others.get(i));
        }
        Arrays.sort(ratios);
        print(
                "%-6s %-55s %6.2f times, %.2f to %.2f",
                language, what, ratios[ratios.length / 2], ratios[0], ratios[ratios.length - 1]);
    }

    private static void print(String text, Object... values) {
        System.out.println(String.format(Locale.ROOT, text, values));
    }
}
