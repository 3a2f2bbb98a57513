package dev.sage.runtime.dataplane;

/** A source that is read on the thread of the turn: a stop needs nothing but to read it no more. */
abstract class PulledHead extends Head {
    private volatile boolean stopped;

    @Override
    final Step step() {
        return stopped ? Step.ENDED : pull();
    }

    abstract Step pull();

    @Override
    final void stop() {
        stopped = true;
    }
}
