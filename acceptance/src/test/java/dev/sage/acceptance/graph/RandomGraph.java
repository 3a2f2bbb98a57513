package dev.sage.acceptance.graph;

import dev.sage.api.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Makes a graph from a seed, the same one each time. It is evaluated while it is made, so that no step is added that
 * would make it too large.
 */
final class RandomGraph {
    private static final int MAX_RECORDS = 4_000;
    private static final int MAX_PARALLELISM = 8;
    private static final int MAX_PAIRS = 200_000;
    private static final List<KeyedSteps.Commuting> FUNCTIONS = List.of(KeyedSteps.Commuting.values());
    private static final List<PairSteps.Kind> PAIRS = List.of(PairSteps.Kind.values());
    private static final List<RiskySteps.Kind> RISKY = List.of(RiskySteps.Kind.values());
    private static final List<RiskyKeyedSteps.PairKind> RISKY_PAIRS = List.of(RiskyKeyedSteps.PairKind.values());
    private static final List<RiskyKeyedSteps.Policy> POLICIES = List.of(RiskyKeyedSteps.Policy.values());
    private static final List<LoopSteps.Body> BODIES = List.of(LoopSteps.Body.values());
    private static final List<FileSources.Format> FORMATS = List.of(FileSources.Format.values());
    private static final List<Rate> RATES = List.of(Rate.unlimited(), Rate.perSecond(50_000));
    private static final List<Long> MODULI = List.of(1L, 2L, 3L, 5L, 7L, 50L);

    /** A common multiple of the moduli: what is this far apart has the same key. */
    private static final long KEYS_APART = 2 * 3 * 5 * 7 * 5;

    /** Unlike java.util.Random it gives graphs that have nothing in common for seeds that are next to each other. */
    private final SplittableRandom random;

    private final int maxParallelism;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Flow> flows = new ArrayList<>();
    private final List<Graph.EndOf> ends = new ArrayList<>();

    private RandomGraph(long seed) {
        random = new SplittableRandom(seed);
        // One graph in four has one instance of everything, and so an exact order almost everywhere.
        maxParallelism = random.nextInt(4) == 0 ? 1 : MAX_PARALLELISM;
    }

    static Graph of(long seed) {
        return new RandomGraph(seed).make();
    }

    private Graph make() {
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            add(source(), List.of());
        }
        for (int i = random.nextInt(1, 9); i > 0; i--) {
            addStep();
        }
        for (Node node : nodes) {
            boolean read = nodes.stream().anyMatch(other -> other.inputs().contains(node.index()));
            if (!read || random.nextInt(6) == 0) {
                ends.add(new Graph.EndOf(node.index(), end(node)));
            }
        }
        return new Graph(nodes, flows, ends);
    }

    private void add(Step step, List<Integer> inputs) {
        int parallelism = Math.min(random.nextInt(1, maxParallelism + 1), step.maxParallelism());
        List<Flow> inputFlows = inputs.stream().map(flows::get).toList();
        List<Long> records =
                step.evaluate(inputFlows.stream().map(Flow::records).toList());
        if (records.size() <= MAX_RECORDS) {
            nodes.add(new Node(nodes.size(), step, inputs, parallelism));
            flows.add(new Flow(records, step.order(inputFlows, parallelism), parallelism));
        }
    }

    private Step source() {
        return switch (random.nextInt(9)) {
            case 0 -> new Sources.Collection(numbers(size()));
            case 1 -> new Sources.Range(-size(), size());
            case 2, 5 -> new FileSources.Whole(format(), numbersInFiles(), random.nextBoolean());
            case 3 -> new Sources.Batch(numbers(size()), random.nextInt(2, 50));
            case 6 -> new FileSources.Spoiled(format(), numbers(size()), random.nextInt(1, 20), random.nextBoolean());
            case 7, 8 ->
                new Sources.Generated(numbers(size()), RATES.get(random.nextInt(RATES.size())), random.nextInt(4) * 10);
            default -> new Sources.Ending(numbers(size()), random.nextInt(2, 50));
        };
    }

    private FileSources.Format format() {
        return FORMATS.get(random.nextInt(FORMATS.size()));
    }

    /** Often very small, as ends of streams are where things go wrong. */
    private int size() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(4);
            case 1 -> random.nextInt(40);
            default -> random.nextInt(800);
        };
    }

    private List<Long> numbers(int size) {
        return LongStream.range(0, size)
                .map(i -> random.nextInt(-1000, 1000))
                .boxed()
                .toList();
    }

    private List<List<Long>> numbersInFiles() {
        List<List<Long>> files = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            files.add(numbers(size() / 2));
        }
        return files;
    }

    private void addStep() {
        int input = input();
        if (random.nextInt(6) == 0) {
            int other = input();
            add(pair(flows.get(input), flows.get(other)), List.of(input, other));
        } else if (random.nextInt(5) == 0) {
            List<Integer> inputs = new ArrayList<>(List.of(input));
            for (int i = random.nextInt(1, 3); i > 0; i--) {
                inputs.add(input());
            }
            add(new RecordSteps.Union(), inputs);
        } else {
            Flow flow = flows.get(input);
            add(random.nextInt(5) < 2 ? keyed(flow) : step(flow), List.of(input));
        }
    }

    private Step pair(Flow first, Flow second) {
        long modulus = MODULI.get(random.nextInt(MODULI.size()));
        boolean few = (long) first.records().size() * second.records().size() <= MAX_PAIRS;
        return switch (random.nextInt(6)) {
            case 0 -> new PairSteps.CountBoth(modulus, KEYS_APART);
            case 4, 5 -> riskyPair(few);
            case 1 -> few ? new PairSteps.Join(modulus) : new PairSteps.CountBoth(modulus, KEYS_APART);
            default -> new PairSteps.Connect(PAIRS.get(random.nextInt(PAIRS.size())), KEYS_APART, random.nextInt(1, 4));
        };
    }

    private Step riskyPair(boolean few) {
        RiskyKeyedSteps.PairKind kind = RISKY_PAIRS.get(random.nextInt(RISKY_PAIRS.size()));
        return new RiskyKeyedSteps.Pair(
                kind == RiskyKeyedSteps.PairKind.JOIN && !few ? RiskyKeyedSteps.PairKind.FIRST_KEY : kind,
                policy(),
                random.nextInt(2, 6));
    }

    private RiskyKeyedSteps.Policy policy() {
        return POLICIES.get(random.nextInt(POLICIES.size()));
    }

    /** A loop in which each record is doubled does not go round often. */
    private Step loop() {
        int copies = random.nextInt(1, 3);
        return new LoopSteps.Countdown(
                "loop " + nodes.size(),
                BODIES.get(random.nextInt(BODIES.size())),
                copies == 1 ? random.nextInt(1, 10) : random.nextInt(1, 4),
                copies,
                random.nextInt(1, maxParallelism + 1));
    }

    private Step risky(Flow input) {
        RiskySteps.Kind kind = RISKY.get(random.nextInt(RISKY.size()));
        return random.nextBoolean()
                ? new RiskySteps.Dropping(kind, random.nextInt(2, 6), random.nextBoolean())
                : new RiskySteps.Retried(kind, Math.max(3, input.records().size() / 20));
    }

    /** The newest node more often than not, so that graphs become deep; an older one makes a fan-out. */
    private int input() {
        return random.nextInt(3) > 0 ? nodes.size() - 1 : random.nextInt(nodes.size());
    }

    private Step step(Flow input) {
        Pace pace = pace(input);
        return switch (random.nextInt(15)) {
            case 12, 13 -> loop();
            case 8 -> new SpreadSteps.Rebalance();
            case 9 -> new SpreadSteps.Broadcast(random.nextInt(1, 4));
            case 10, 11, 14 -> risky(input);
            case 0 -> new RecordSteps.Map(KEYS_APART, pace);
            case 1 -> new RecordSteps.Scramble(random.nextInt(1, 100));
            case 2 -> new RecordSteps.Filter(random.nextInt(2, 6), pace);
            case 3 -> new RecordSteps.FlatMap(copies(), pace);
            case 4 -> new RecordSteps.Emit(copies(), pace);
            case 5 -> new RecordSteps.Call(KEYS_APART);
            case 6 -> new RecordSteps.MapAsync(random.nextInt(1, 9), true, KEYS_APART, pace);
            default -> new RecordSteps.MapAsync(random.nextInt(1, 9), false, KEYS_APART, pace);
        };
    }

    /** Now and then more than all buffers together hold. */
    private int copies() {
        return random.nextInt(8) == 0 ? 100 : random.nextInt(1, 4);
    }

    private Step keyed(Flow input) {
        long modulus = input.order().kind() == Order.Kind.BY_KEY && random.nextBoolean()
                ? input.order().modulus()
                : MODULI.get(random.nextInt(MODULI.size()));
        return switch (random.nextInt(9)) {
            case 8 -> new RiskyKeyedSteps.Ends(modulus, KEYS_APART, policy());
            case 6 -> new KeyedSteps.Numbered(modulus, KEYS_APART);
            case 7 ->
                new KeyedSteps.Scan(
                        modulus,
                        KEYS_APART,
                        input.order().isExact() || input.order().isByKey(modulus));
            case 0 -> new KeyedSteps.Each(modulus, new RecordSteps.Map(KEYS_APART, Pace.FULL_SPEED));
            case 1 -> new KeyedSteps.Each(modulus, new RecordSteps.Filter(random.nextInt(2, 6), Pace.FULL_SPEED));
            case 2 ->
                new KeyedSteps.Each(
                        modulus,
                        random.nextBoolean()
                                ? new RecordSteps.FlatMap(copies(), Pace.FULL_SPEED)
                                : new RecordSteps.Emit(copies(), Pace.FULL_SPEED));
            case 3 -> new KeyedSteps.Reduce(modulus, FUNCTIONS.get(random.nextInt(FUNCTIONS.size())), pace(input));
            default -> {
                boolean ordered = input.order().isExact() || input.order().isByKey(modulus);
                yield new KeyedSteps.Aggregate(modulus, KEYS_APART, ordered);
            }
        };
    }

    /** One function in three is slow, all its pauses together at most about 20 ms. */
    private Pace pace(Flow input) {
        if (random.nextInt(3) > 0) {
            return Pace.FULL_SPEED;
        }
        return Pace.pausing(1 + input.records().size() / 200, random.nextInt(1_000, 100_000));
    }

    private Ends.End end(Node node) {
        return switch (random.nextInt(4)) {
            case 0 -> new Ends.Collect();
            case 1 -> new Ends.TextFile();
            default -> new Ends.UserSink(random.nextInt(1, maxParallelism + 1), pace(flows.get(node.index())));
        };
    }
}
