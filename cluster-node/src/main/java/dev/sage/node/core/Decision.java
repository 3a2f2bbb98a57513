package dev.sage.node.core;

import dev.sage.client.wire.JobView;
import dev.sage.node.NodeException;
import java.util.List;

/** What follows from a command: events to be written, and once they are, an answer and effects. */
public record Decision(List<RegistryEvent> events, Answer answer, List<Effect> effects) {
    public Decision {
        events = List.copyOf(events);
        effects = List.copyOf(effects);
    }

    static Decision answer(Answer answer) {
        return new Decision(List.of(), answer, List.of());
    }

    /** For who gave the command. */
    public sealed interface Answer {
        record Taken(RegisteredJob job, boolean repeated) implements Answer {}

        record WasFinished(JobView job) implements Answer {}

        record Done() implements Answer {}

        record Jobs(List<RegisteredJob> live) implements Answer {}

        record Refused(NodeException why) implements Answer {}
    }

    /** What is to be done outside. */
    public sealed interface Effect {
        record Run(RegisteredJob job) implements Effect {}

        record Cancel(String id, String reason) implements Effect {}

        record CopyToHistory(Ended ended) implements Effect {}
    }
}
