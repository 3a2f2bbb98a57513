package dev.sage.testkit;

import java.util.function.Predicate;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Stands around an actor of the runtime: knows its reference while it lives, and loses messages for it. */
final class FaultyActor<M> extends BehaviorInterceptor<M, M> {
    private final String name;
    private final ActorRegistry actors;
    private final Predicate<Object> lost;

    private FaultyActor(String name, Class<M> messages, ActorRegistry actors, Predicate<Object> lost) {
        super(messages);
        this.name = name;
        this.actors = actors;
        this.lost = lost;
    }

    static <M> Behavior<M> around(
            String name, Class<M> messages, Behavior<M> behavior, ActorRegistry actors, Predicate<Object> lost) {
        return Behaviors.intercept(() -> new FaultyActor<>(name, messages, actors, lost), behavior);
    }

    @Override
    public Behavior<M> aroundStart(TypedActorContext<M> context, PreStartTarget<M> target) {
        actors.spawned(name, context.asJava().getSelf());
        return target.start(context);
    }

    @Override
    public Behavior<M> aroundReceive(TypedActorContext<M> context, M message, ReceiveTarget<M> target) {
        return lost.test(message) ? Behaviors.same() : target.apply(context, message);
    }

    @Override
    public Behavior<M> aroundSignal(TypedActorContext<M> context, Signal signal, SignalTarget<M> target) {
        if (signal instanceof PostStop) {
            actors.ended(name);
        }
        return target.apply(context, signal);
    }
}
