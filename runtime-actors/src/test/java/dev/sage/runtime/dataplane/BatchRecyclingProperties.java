package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Two producers and one consumer in any order of steps: a batch has one owner, and no record is lost or moved. */
class BatchRecyclingProperties {
    private static final int PRODUCERS = 2;
    private static final int EPOCH = 1;
    private static TaskletExecutor executor;

    enum Act {
        ADD,
        BROADCAST,
        FLUSH,
        FLUSH_DRAINED,
        UNPARK,
        READ
    }

    record Step(Act act, int producer, int times) {}

    private record Sent(int producer, int number) {}

    @BeforeContainer
    static void begin() {
        executor = TaskletExecutor.create("recycling", Settings.usual());
    }

    @AfterContainer
    static void end() {
        executor.close();
    }

    @Property(tries = 1_000)
    void aBatchHasOneOwnerAndEveryRecordArrivesInOrder(
            @ForAll @Size(max = 200) List<@From("steps") Step> steps,
            @ForAll @IntRange(min = 1, max = 4) int credits,
            @ForAll @IntRange(min = 1, max = 4) int batchRecords) {
        IdentityHashMap<Object[], WatchedLink.Owner> owners = new IdentityHashMap<>();
        List<WatchedLink> links = IntStream.range(0, PRODUCERS)
                .mapToObj(i -> new WatchedLink(
                        new Channel(0, i, credits, batchRecords, new Sleeper(executor), new Sleeper(executor)), owners))
                .toList();
        Flow sending = new Flow(1_000_000);
        List<Outlet> outlets =
                links.stream().map(link -> new Outlet(link, sending)).toList();
        Inputs inputs = new Inputs(links, EPOCH, new Flow(1_000_000));
        int[] added = new int[PRODUCERS];
        List<Sent> read = new ArrayList<>();

        for (Step step : steps) {
            Outlet outlet = outlets.get(step.producer());
            switch (step.act()) {
                case ADD -> add(outlets, step.producer(), step.times(), added);
                case BROADCAST -> IntStream.range(0, PRODUCERS).forEach(i -> add(outlets, i, step.times(), added));
                case FLUSH -> outlet.flush();
                case FLUSH_DRAINED -> outlet.flushIfDrained();
                case UNPARK -> outlet.unpark();
                case READ -> read(inputs, step.times(), read);
            }
        }
        outlets.forEach(Outlet::flush);
        do {
            outlets.forEach(Outlet::unpark);
        } while (read(inputs, Integer.MAX_VALUE, read));

        for (int i = 0; i < PRODUCERS; i++) {
            int producer = i;
            assertThat(read.stream().filter(sent -> sent.producer() == producer).map(Sent::number))
                    .containsExactlyElementsOf(
                            IntStream.range(0, added[i]).boxed().toList());
        }
        assertThat(owners).doesNotContainValue(WatchedLink.Owner.LINK).doesNotContainValue(WatchedLink.Owner.CONSUMER);
    }

    private static void add(List<Outlet> outlets, int producer, int times, int[] added) {
        for (int i = 0; i < times; i++) {
            outlets.get(producer).add(new Sent(producer, added[producer]++));
        }
    }

    /** Whether there was a record. */
    private static boolean read(Inputs inputs, int times, List<Sent> read) {
        int before = read.size();
        Object record = inputs.poll();
        while (record != null) {
            read.add((Sent) record);
            record = read.size() - before < times ? inputs.poll() : null;
        }
        return read.size() > before;
    }

    @Provide
    Arbitrary<Step> steps() {
        return Combinators.combine(
                        Arbitraries.of(Act.class),
                        Arbitraries.integers().between(0, PRODUCERS - 1),
                        Arbitraries.integers().between(1, 9))
                .as(Step::new);
    }
}
