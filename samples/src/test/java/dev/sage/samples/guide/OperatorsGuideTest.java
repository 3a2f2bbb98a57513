package dev.sage.samples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.Aggregators;
import dev.sage.api.CoMapFunction;
import dev.sage.api.CoProcessFunction;
import dev.sage.api.DataStream;
import dev.sage.api.DeadLetter;
import dev.sage.api.Emitter;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.InputFiles;
import dev.sage.api.KeyContext;
import dev.sage.api.KeyValue;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.MapFunction;
import dev.sage.api.Next;
import dev.sage.api.PerInstance;
import dev.sage.api.ProcessFunction;
import dev.sage.api.Results;
import dev.sage.api.StateName;
import dev.sage.testkit.SageTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code docs/guide/operators.md}. What is between two markers stands there, see {@link GuideTest}. */
@SageTest
class OperatorsGuideTest {

    @Test
    void map(LocalEnvironment env) throws InterruptedException {
        // guide: map
        Results<String> results = env.fromRange(0, 3).map(n -> "n" + n).collect();
        env.run();
        assertThat(results).containsExactly("n0", "n1", "n2");
        // guide end
    }

    @Test
    void filter(LocalEnvironment env) throws InterruptedException {
        // guide: filter
        Results<Long> evens = env.fromRange(0, 6).filter(n -> n % 2 == 0).collect();
        env.run();
        assertThat(evens).containsExactly(0L, 2L, 4L);
        // guide end
    }

    @Test
    void flatMap(LocalEnvironment env) throws InterruptedException {
        // guide: flat-map
        Results<String> words = env.fromCollection(List.of("to be", "or not"))
                .flatMap(line -> List.of(line.split(" ")))
                .collect();
        env.run();
        assertThat(words).containsExactly("to", "be", "or", "not");
        // guide end
    }

    @Test
    void emit(LocalEnvironment env) throws InterruptedException {
        // guide: emit
        Results<String> words = env.fromCollection(List.of("to be", "or not"))
                .<String>flatMap((line, out) -> {
                    for (String word : line.split(" ")) {
                        out.emit(word);
                    }
                })
                .collect();
        env.run();
        assertThat(words).containsExactly("to", "be", "or", "not");
        // guide end
    }

    @Test
    void mapAsync(LocalEnvironment env) throws InterruptedException {
        // guide: map-async
        Results<Integer> lengths = env.fromCollection(List.of("short", "longer"))
                .mapAsync(8, text -> text.length()) // may block: a service, a file, a database
                .collect();
        env.run();
        assertThat(lengths).containsExactly(5, 6);
        // guide end
    }

    @Test
    void union(LocalEnvironment env) throws InterruptedException {
        // guide: union
        Results<Long> both = env.fromRange(0, 2).union(env.fromRange(10, 12)).collect();
        env.run();
        assertThat(both).containsExactlyInAnyOrder(0L, 1L, 10L, 11L);
        // guide end
    }

    @Test
    void reduce(LocalEnvironment env) throws InterruptedException {
        // guide: reduce
        Results<Long> sums = env.fromRange(1, 7)
                .keyBy(n -> n % 2 == 0)
                .reduce((sum, n) -> sum + n)
                .collect();
        env.run();
        assertThat(sums).containsExactly(1L + 3 + 5, 2L + 4 + 6);
        // guide end
    }

    @Test
    void aggregate(LocalEnvironment env) throws InterruptedException {
        // guide: aggregate
        DataStream<String> words = env.fromCollection(List.of("be", "or", "not", "be"));
        Results<KeyValue<String, Long>> counts =
                words.keyBy(word -> word).count().collect();
        Results<KeyValue<Integer, List<String>>> lists = words.keyBy(String::length)
                .aggregate(Aggregators.<String>listing())
                .collect();
        env.run();
        assertThat(counts).contains(new KeyValue<>("be", 2L));
        assertThat(lists).contains(new KeyValue<>(2, List.of("be", "or", "be")));
        // guide end
    }

    @Test
    void scan(LocalEnvironment env) throws InterruptedException {
        // guide: scan
        Results<Long> running = env.fromCollection(List.of(5L, 1L, 4L))
                .keyBy(n -> "all")
                .scan((sum, n) -> sum + n)
                .collect();
        env.run();
        assertThat(running).containsExactly(5L, 6L, 10L);
        // guide end
    }

    // guide: process
    static final StateName<String> LAST = StateName.of("last", String.class);

    /** Emits a word when it differs from the last one of the same length, and at the end what was last. */
    static class Changes implements ProcessFunction<Integer, String, String> {
        @Override
        public void process(String word, KeyContext<Integer> context, Emitter<String> out) {
            if (!word.equals(context.get(LAST))) {
                context.put(LAST, word);
                out.emit(word);
            }
        }

        @Override
        public void end(KeyContext<Integer> context, Emitter<String> out) {
            out.emit("last of length " + context.key() + ": " + context.get(LAST));
        }
    }
    // guide end

    @Test
    void process(LocalEnvironment env) throws InterruptedException {
        // guide: process-use
        Results<String> results = env.fromCollection(List.of("be", "be", "or"))
                .keyBy(String::length)
                .process(new Changes())
                .collect();
        env.run();
        assertThat(results).containsExactly("be", "or", "last of length 2: or");
        // guide end
    }

    @Test
    void connect(LocalEnvironment env) throws InterruptedException {
        // guide: connect
        Results<String> all = env.fromRange(0, 2)
                .connect(env.fromCollection(List.of("a", "b")))
                .map(number -> "number " + number, text -> "text " + text)
                .collect();
        Results<String> some = env.fromRange(0, 2)
                .connect(env.fromCollection(List.of("a", "b")))
                .filter(number -> number > 0, text -> text.equals("a"))
                .flatMap(number -> List.of("number " + number), text -> List.of(text, text))
                .collect();
        env.run();
        assertThat(all).containsExactlyInAnyOrder("number 0", "number 1", "text a", "text b");
        assertThat(some).containsExactlyInAnyOrder("number 1", "a", "a");
        // guide end
    }

    // guide: co-map
    static class ToText implements CoMapFunction<Long, String, String> {
        @Override
        public String mapFirst(Long number) {
            return "number " + number;
        }

        @Override
        public String mapSecond(String text) {
            return "text " + text;
        }
    }
    // guide end

    @Test
    void coMap(LocalEnvironment env) throws InterruptedException {
        // guide: co-map-use
        Results<String> all = env.fromRange(0, 1)
                .connect(env.fromCollection(List.of("a")))
                .coMap(new ToText())
                .collect();
        env.run();
        assertThat(all).containsExactlyInAnyOrder("number 0", "text a");
        // guide end
    }

    // guide: co-process
    static final StateName<Long> STOCK = StateName.of("stock", Long.class);

    record Delivery(String article, long pieces) {}

    record Order(String article, long pieces) {}

    static class Stock implements CoProcessFunction<String, Delivery, Order, String> {
        @Override
        public void processFirst(Delivery delivery, KeyContext<String> context, Emitter<String> out) {
            context.put(STOCK, context.getOr(STOCK, 0L) + delivery.pieces());
        }

        @Override
        public void processSecond(Order order, KeyContext<String> context, Emitter<String> out) {
            context.put(STOCK, context.getOr(STOCK, 0L) - order.pieces());
        }

        @Override
        public void end(KeyContext<String> context, Emitter<String> out) {
            out.emit(context.key() + ": " + context.get(STOCK));
        }
    }
    // guide end

    @Test
    void coProcess(LocalEnvironment env) throws InterruptedException {
        // guide: co-process-use
        Results<String> left = env.fromCollection(List.of(new Delivery("nut", 100), new Delivery("bolt", 50)))
                .connect(env.fromCollection(List.of(new Order("nut", 30))))
                .keyBy(Delivery::article, Order::article)
                .process(new Stock())
                .collect();
        env.run();
        assertThat(left).containsExactlyInAnyOrder("nut: 70", "bolt: 50");
        // guide end
    }

    @Test
    void join(LocalEnvironment env) throws InterruptedException {
        // guide: join
        DataStream<Delivery> deliveries =
                env.fromCollection(List.of(new Delivery("nut", 100), new Delivery("bolt", 50)));
        DataStream<Order> orders = env.fromCollection(List.of(new Order("nut", 30), new Order("nut", 80)));
        Results<String> pairs = deliveries
                .keyBy(Delivery::article)
                .join(
                        orders.keyBy(Order::article),
                        (delivery, order) -> delivery.article() + " " + order.pieces() + " of " + delivery.pieces())
                .collect();
        env.run();
        assertThat(pairs).containsExactlyInAnyOrder("nut 30 of 100", "nut 80 of 100");
        // guide end
    }

    @Test
    void rebalance(LocalEnvironment env) throws InterruptedException {
        // guide: rebalance
        Results<Long> results = env.fromRange(0, 1_000)
                .parallelism(4)
                .filter(n -> n < 100) // only the first instance has any left
                .parallelism(4)
                .rebalance()
                .map(n -> n * n) // all four have work
                .parallelism(4)
                .collect();
        env.run();
        assertThat(results).hasSize(100);
        // guide end
    }

    @Test
    void broadcast(LocalEnvironment env) throws InterruptedException {
        // guide: broadcast
        DataStream<String> rules = env.fromCollection(List.of("no empty lines"));
        Results<String> results = env.fromRange(0, 10)
                .parallelism(2)
                .connect(rules.broadcast())
                .map(data -> "data", rule -> "rule: " + rule) // each instance gets its part of the data and every rule
                .parallelism(2)
                .collect();
        env.run();
        assertThat(results).filteredOn(line -> line.startsWith("rule")).hasSize(2);
        // guide end
    }

    // guide: per-instance
    /** Keeps something between two records, so no two instances may share it. */
    static class Numbering implements MapFunction<String, String> {
        private int count;

        @Override
        public String apply(String line) {
            return ++count + " " + line;
        }
    }
    // guide end

    @Test
    void perInstance(LocalEnvironment env) throws InterruptedException {
        // guide: per-instance-use
        Results<String> lines = env.fromCollection(List.of("a", "b", "c", "d"))
                .parallelism(2)
                .map(PerInstance.of(Numbering::new))
                .parallelism(2)
                .collect();
        env.run();
        assertThat(lines).containsExactlyInAnyOrder("1 a", "2 b", "1 c", "2 d");
        // guide end
    }

    @Test
    void onError(LocalEnvironment env) throws InterruptedException {
        // guide: on-error
        List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
        DataStream<String> lines = env.fromCollection(List.of("1", "two", "3"));
        Results<Integer> numbers = lines.map(Integer::valueOf)
                .name("parse")
                .onError(ErrorPolicy.deadLetter(letters::add))
                .collect();
        lines.map(Integer::valueOf)
                .name("try harder")
                .onError(ErrorPolicy.retry(2, Duration.ofMillis(10)).orSkip())
                .print();
        var result = env.run();
        assertThat(numbers).containsExactly(1, 3);
        assertThat(letters).extracting(DeadLetter::value).containsExactly("two");
        assertThat(result.errors().deadLettered()).isEqualTo(1);
        assertThat(result.errors().retried()).isEqualTo(2);
        assertThat(result.errors().skipped()).isEqualTo(1);
        // guide end
    }

    record Purchase(@Nullable String customer, int euros) {}

    @Test
    void onErrorOfSourcesAndKeys(LocalEnvironment env, @TempDir Path folder) throws Exception {
        // guide: on-error-of-sources-and-keys
        Path orders = folder.resolve("orders.jsonl");
        Files.writeString(orders, """
                {"customer":"ann","euros":3}
                no order
                {"euros":5}
                {"customer":"ann","euros":4}
                """);
        List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
        Results<KeyValue<String, Long>> counts = env.fromJsonLines(InputFiles.of(orders), Purchase.class)
                .onError(ErrorPolicy.deadLetter(letters::add)) // lines that are no orders
                .keyBy(Purchase::customer)
                .count()
                .onError(ErrorPolicy.deadLetter(letters::add)) // orders of nobody: a key is never null
                .collect();
        env.run();
        assertThat(counts).containsExactly(new KeyValue<>("ann", 2L));
        assertThat(letters).extracting(DeadLetter::value).containsExactlyInAnyOrder("no order", new Purchase(null, 5));
        // guide end
    }

    @Test
    void sources(LocalEnvironment env) throws InterruptedException {
        // guide: sources
        Iterator<Integer> rows = IntStream.range(0, 3).iterator();
        Results<Integer> results = env.<Integer>fromBatch(() -> rows.hasNext() ? Next.of(rows.next()) : Next.end())
                .collect();
        env.run();
        assertThat(results).containsExactly(0, 1, 2);
        // guide end
    }

    @Test
    void sink(LocalEnvironment env) throws InterruptedException {
        // guide: sink
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        env.fromRange(0, 3).sink(seen::add);
        env.fromRange(0, 3).print("number ");
        env.run();
        assertThat(seen).containsExactly(0L, 1L, 2L);
        // guide end
    }
}
