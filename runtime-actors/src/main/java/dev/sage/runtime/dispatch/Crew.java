package dev.sage.runtime.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * The actors of one kind that a Dispatcher owns, by name. They are spawned by somebody else, so that what is told to one
 * before it has reported is kept for it.
 */
final class Crew<M> {
    private final ActorContext<?> owner;
    private final Map<String, ActorRef<M>> members = new HashMap<>();
    private final Map<ActorRef<?>, String> names = new HashMap<>();
    private final Map<String, List<M>> early = new HashMap<>();

    Crew(ActorContext<?> owner) {
        this.owner = owner;
    }

    void joined(String name, ActorRef<M> ref) {
        owner.watch(ref);
        members.put(name, ref);
        names.put(ref, name);
        List<M> kept = early.remove(name);
        if (kept != null) {
            kept.forEach(ref::tell);
        }
    }

    void tell(String name, M message) {
        ActorRef<M> ref = members.get(name);
        if (ref != null) {
            ref.tell(message);
        } else {
            early.computeIfAbsent(name, key -> new ArrayList<>()).add(message);
        }
    }

    ActorRef<M> ref(String name) {
        ActorRef<M> ref = members.get(name);
        if (ref == null) {
            throw new IllegalStateException(name + " has not reported yet.");
        }
        return ref;
    }

    /** The name of one that has terminated; null if it is none of these. What is told to it is lost. */
    @Nullable
    String left(ActorRef<?> ref) {
        return names.remove(ref);
    }
}
