package dev.sage.ray.wire;

import java.util.List;

/** What Sage asks of the gateway and what that answers; an answer has the number of its request. */
public sealed interface Message {

    /** What Sage asks. */
    sealed interface Request extends Message {}

    /** What the gateway says. */
    sealed interface Answer extends Message {}

    /** {@link Done} when its object is made, so that calls may come. */
    record Create(ActorSpec spec, long timeoutMillis) implements Request {}

    /** {@link Done} with the actor's {@link Reply}; the body is that of {@link Invocation#written}. */
    @SuppressWarnings("ArrayRecordComponent")
    record Call(String actor, byte[] body) implements Request {}

    /**
     * {@link Done} when calls may come to an actor that lives on from before this gateway.
     *
     * @param concurrency how many calls it was made to run at once
     */
    record Attach(String actor, int concurrency) implements Request {}

    /** {@link Cleaned}, when the actor is seen to be dead or time is up. */
    record CleanUpAndKill(String actor, long timeoutMillis) implements Request {}

    /** {@link Actors} of our namespace. */
    record ListActors() implements Request {}

    /** Kills by name, without asking the actors; {@link Reaped}. */
    record Reap(List<String> actors, long timeoutMillis) implements Request {}

    /** {@link Done} from the gateway itself. */
    record Ping() implements Request {}

    /** Leave the cluster and end; answered by the end of the process. */
    record Leave() implements Request {}

    /** The first that it says, when it has joined the cluster. */
    record Ready(String namespace) implements Answer {}

    @SuppressWarnings("ArrayRecordComponent")
    record Done(byte[] reply) implements Answer {}

    record Failed(Failure failure) implements Answer {}

    /** What became of {@link CleanUpAndKill}. */
    record Cleaned(CleanUp result) implements Answer {}

    record Actors(List<ActorState> actors) implements Answer {}

    /** What became of {@link Reap}. */
    record Reaped(List<ReapedActor> actors) implements Answer {}

    /** Not asked for: an actor that was made here is dead for good, and nobody had it killed. */
    record Died(String actor, String reason) implements Answer {}

    /**
     * What became of an actor's own {@code cleanup}.
     */
    enum Cleaning {
        /** It ended well, or there is none. */
        DONE,
        /** It raised something, or did not end in time. */
        FAILED,
        /** It was not called, or the actor died meanwhile. */
        NOT_RUN
    }

    /**
     * What became of an actor that was to be cleaned up and killed.
     *
     * @param killed whether Ray has confirmed the death
     * @param cleanUpMillis that the clean-up took
     * @param killMillis that killing took after that
     * @param problem what went wrong; empty when nothing did
     */
    record CleanUp(Cleaning cleaning, boolean killed, long cleanUpMillis, long killMillis, String problem) {}

    /**
     * An actor that is not dead.
     *
     * @param state in Ray's words: ALIVE, PENDING_CREATION, RESTARTING and so on
     */
    record ActorState(String name, String state, long restarts) {}

    /**
     * What became of an actor that was to be killed.
     *
     * @param problem why it may still be there; empty when it is gone
     */
    record ReapedActor(String name, String problem) {}
}
