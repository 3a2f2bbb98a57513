package dev.sage.runtime.resource;

import java.util.List;

/** All or nothing. */
public sealed interface Acquisition {
    /** One lease for each want, in their order. */
    record Granted(List<Lease> leases) implements Acquisition {
        public Granted {
            leases = List.copyOf(leases);
        }
    }

    /** Nothing is held; each of these stood in the way. */
    record Refused(List<Refusal> refusals) implements Acquisition {
        public Refused {
            refusals = List.copyOf(refusals);
        }
    }
}
