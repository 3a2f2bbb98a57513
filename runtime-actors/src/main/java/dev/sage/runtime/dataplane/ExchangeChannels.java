package dev.sage.runtime.dataplane;

import dev.sage.runtime.plan.Exchange;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All channels of one exchange: one for each pair of instances that can meet. */
final class ExchangeChannels {
    private record Pair(int from, int into, Link channel) {}

    private final List<Pair> pairs;

    private ExchangeChannels(Stream<Pair> pairs) {
        this.pairs = pairs.toList();
    }

    /** Channels with credits. */
    static ExchangeChannels of(
            Exchange exchange,
            boolean forward,
            List<? extends Tasklet> producers,
            List<? extends Tasklet> consumers,
            DataPlaneSettings settings) {
        return new ExchangeChannels(IntStream.range(0, producers.size())
                .boxed()
                .flatMap(i -> IntStream.range(0, consumers.size())
                        .filter(j -> !forward || i == j)
                        .mapToObj(j -> new Pair(
                                i,
                                j,
                                new Channel(
                                        exchange.id(),
                                        i,
                                        settings.channelBatches(),
                                        settings.batchRecords(),
                                        producers.get(i),
                                        consumers.get(j))))));
    }

    /** From the end of a loop to its head: every instance to every one, for each has to hear of all of them. */
    static ExchangeChannels ofLoop(
            String loop, int producers, List<? extends Tasklet> consumers, DataPlaneSettings settings) {
        return new ExchangeChannels(IntStream.range(0, consumers.size()).boxed().flatMap(j -> {
            FeedbackBacklog backlog =
                    new FeedbackBacklog(loop, j, settings.feedbackGateRecords(), settings.feedbackMaxRecords());
            return IntStream.range(0, producers)
                    .mapToObj(i ->
                            new Pair(i, j, new FeedbackChannel(backlog, settings.batchRecords(), consumers.get(j))));
        }));
    }

    /** The channels that an upstream instance writes, in the order of the downstream instances. */
    List<Link> from(int instance) {
        return pairs.stream()
                .filter(pair -> pair.from() == instance)
                .map(Pair::channel)
                .toList();
    }

    /** The channels that a downstream instance reads. */
    List<Link> into(int instance) {
        return pairs.stream()
                .filter(pair -> pair.into() == instance)
                .map(Pair::channel)
                .toList();
    }
}
