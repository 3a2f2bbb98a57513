package dev.sage.runtime.dataplane;

import dev.sage.runtime.plan.Exchange;
import java.util.ArrayList;
import java.util.List;

/** All channels of one exchange: one for each pair of instances that can meet. */
final class ExchangeChannels {
    private final List<List<Channel>> from = new ArrayList<>();
    private final List<List<Channel>> into = new ArrayList<>();

    ExchangeChannels(
            Exchange exchange,
            boolean forward,
            List<? extends Tasklet> producers,
            List<? extends Tasklet> consumers,
            int credits) {
        producers.forEach(producer -> from.add(new ArrayList<>()));
        consumers.forEach(consumer -> into.add(new ArrayList<>()));
        for (int i = 0; i < producers.size(); i++) {
            for (int j = 0; j < consumers.size(); j++) {
                if (!forward || i == j) {
                    Channel channel = new Channel(exchange.id(), i, credits, producers.get(i), consumers.get(j));
                    from.get(i).add(channel);
                    into.get(j).add(channel);
                }
            }
        }
    }

    /** The channels that an upstream instance writes, in the order of the downstream instances. */
    List<Channel> from(int instance) {
        return from.get(instance);
    }

    /** The channels that a downstream instance reads. */
    List<Channel> into(int instance) {
        return into.get(instance);
    }
}
