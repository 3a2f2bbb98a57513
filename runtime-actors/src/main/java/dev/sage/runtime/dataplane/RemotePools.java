package dev.sage.runtime.dataplane;

import dev.sage.api.graph.Operator;

/** Makes the places outside of this JVM where operators of a job run. Does not block. */
@FunctionalInterface
public interface RemotePools {
    /**
     * For one instance of an operator; nothing is started yet.
     *
     * @param name of the operator in the job
     * @param operator one of the two kinds that run in actors
     */
    RemotePool pool(String name, int instance, int instances, Operator operator);
}
