package dev.sage.runtime.dataplane;

import java.util.List;

/** One record to each instance in turn; with one outlet, everything to that. */
final class RoundRobinSender extends Sender {
    private int next;

    /** @param first the outlet to begin with: senders that all began with the same one would favour it */
    RoundRobinSender(List<Outlet> outlets, int first) {
        super(outlets);
        this.next = first % outlets.size();
    }

    @Override
    void accept(Object value) {
        Outlet outlet = outlets[next];
        next = next + 1 == outlets.length ? 0 : next + 1;
        outlet.add(value);
    }
}
