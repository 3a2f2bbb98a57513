package dev.sage.testkit;

import dev.sage.api.LocalEnvironment;
import dev.sage.api.graph.JobGraph;
import dev.sage.client.ship.GraphCodec;
import dev.sage.runtime.local.LocalProvider;
import dev.sage.runtime.node.NodeSeam;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;

/**
 * A node as tests want it.
 *
 * @param time empty for the real one
 * @param shippable whether functions are serialized and deserialized before they run
 */
record TestNode(Faults faults, Optional<ManualTime> time, boolean shippable) implements NodeSeam {
    static TestNode of(Faults faults) {
        return new TestNode(faults, Optional.empty(), false);
    }

    LocalEnvironment environment(String name, Map<String, ?> settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        time.ifPresent(manual -> all.put(ManualTime.SCHEDULER_KEY, ManualTime.SCHEDULER));
        all.putAll(settings);
        return new LocalProvider().create(name, all, this);
    }

    @Override
    public JobGraph submitted(JobGraph graph) {
        return shippable
                ? GraphCodec.copy(graph, object -> object instanceof LifecycleProbe || object instanceof Gate)
                : graph;
    }

    @Override
    public void started(ActorSystem<?> system) {
        time.ifPresent(manual -> manual.started(system));
    }

    @Override
    public <M> Behavior<M> around(String actor, Class<M> messages, Behavior<M> behavior) {
        return faults.around(actor, messages, behavior);
    }
}
