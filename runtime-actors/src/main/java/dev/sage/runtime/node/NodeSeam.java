package dev.sage.runtime.node;

import dev.sage.api.graph.JobGraph;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;

/**
 * Where the test kit gets into a node: it may change what is submitted, learns of the actor system, and may put itself
 * around the actors that run jobs. Everything answers what it was given unless it is overridden, and in production nobody
 * does.
 */
public interface NodeSeam {
    NodeSeam NONE = new NodeSeam() {};

    /** The graph to be planned and run; called on the submitter's thread, and may refuse the graph. */
    default JobGraph submitted(JobGraph graph) {
        return graph;
    }

    /** Called once, before the first job. */
    default void started(ActorSystem<?> system) {}

    /**
     * The behavior with which the JobManager, or a Dispatcher, Task or Service actor, is spawned.
     *
     * @param actor its name among the node's actors
     */
    default <M> Behavior<M> around(String actor, Class<M> messages, Behavior<M> behavior) {
        return behavior;
    }
}
