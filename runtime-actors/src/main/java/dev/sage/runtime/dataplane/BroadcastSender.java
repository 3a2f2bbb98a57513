package dev.sage.runtime.dataplane;

import java.util.List;

/** Each record to every instance. */
final class BroadcastSender extends Sender {
    BroadcastSender(List<Outlet> outlets) {
        super(outlets);
    }

    @Override
    void accept(Object value) {
        for (Outlet outlet : outlets) {
            outlet.add(value);
        }
    }
}
