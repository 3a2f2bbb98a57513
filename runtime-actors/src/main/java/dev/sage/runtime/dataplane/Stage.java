package dev.sage.runtime.dataplane;

/**
 * One operator of a chain, or what follows the last one: takes records one by one and passes its own on to the next
 * stage, in the same call. A call always takes its record; whether there may be another one is asked of the {@link
 * Flow} at the head of the chain.
 */
abstract class Stage {

    abstract void accept(Object value);

    /** The input has ended: begins to emit what was kept until then. */
    void finish() {}
}
