package dev.sage.runtime.dataplane;

import dev.sage.runtime.core.loop.LoopProbe;
import java.util.List;

/** The end of a chain at an exchange: decides to which instance each record goes. */
abstract class Sender extends Stage {
    final Outlet[] outlets;

    Sender(List<Outlet> outlets) {
        this.outlets = outlets.toArray(Outlet[]::new);
    }

    final void flush() {
        for (Outlet outlet : outlets) {
            outlet.flush();
        }
    }

    final void flushDrained() {
        for (Outlet outlet : outlets) {
            outlet.flushIfDrained();
        }
    }

    final void unpark() {
        for (Outlet outlet : outlets) {
            outlet.unpark();
        }
    }

    final void probe(LoopProbe probe) {
        for (Outlet outlet : outlets) {
            outlet.probe(probe);
        }
    }

    final void end(int epoch) {
        for (Outlet outlet : outlets) {
            outlet.end(epoch);
        }
    }
}
