package dev.sage.runtime.process;

import java.io.IOException;

/** Where a process is written down before it is spawned, so that whoever finds the record can end it. Calls may block. */
public interface ProcessLedger {
    /**
     * Something with this mark is about to be spawned.
     *
     * @throws IOException when it could not be written down; then nothing is spawned
     */
    Entry intend(String mark) throws IOException;

    /** One process with all that came from it. */
    interface Entry {
        /** It runs; {@code startTicks} as in {@code /proc/PID/stat}. Not called for one that ended before it was seen. */
        void spawned(long pid, long startTicks) throws IOException;

        /** All of it is gone, and its ports are free. */
        void strikeOff() throws IOException;
    }
}
