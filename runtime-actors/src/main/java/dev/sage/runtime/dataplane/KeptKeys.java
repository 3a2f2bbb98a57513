package dev.sage.runtime.dataplane;

import java.util.Iterator;
import java.util.Map;

/** An operator that keeps something for each key, and runs code of the user for each of them when the stream has ended. */
interface KeptKeys {
    /** What it keeps, one entry for a key. */
    Iterator<? extends Map.Entry<?, ?>> kept();

    /**
     * Emits what is to be emitted for a key.
     *
     * @throws OperatorException when the code of the user has thrown; then it may be called again
     */
    void end(Map.Entry<?, ?> entry);
}
