package dev.sage.runtime.dataplane;

/**
 * A stretch of code on a thread of the data plane that no interrupt of its task may hit, for example a call into a
 * service that other tasks use too: an interrupt there would close files and locks under them. An interrupt that comes
 * meanwhile is delivered at the end of the outermost section.
 *
 * <p>On threads that do not run user code for the data plane both calls do nothing.
 */
public final class UninterruptibleSection {
    private UninterruptibleSection() {}

    /** To be followed by {@link #exit} on the same thread, in a {@code finally}. */
    public static void enter() {
        InterruptGate gate = InterruptGate.current();
        if (gate != null) {
            gate.beginSection();
        }
    }

    public static void exit() {
        InterruptGate gate = InterruptGate.current();
        if (gate != null) {
            gate.endSection();
        }
    }
}
