package dev.sage.node.core;

import static dev.sage.node.core.EntryStage.*;
import static dev.sage.node.core.EntryTrigger.*;

import dev.sage.runtime.core.Transitions;

/**
 * The transition table of a job in the registry: what {@link RegistryDecisions} may write down. A job whose end was asked
 * for can still be started, by a runner that has not heard of it, and is never restarted. Whatever has ended stays so.
 */
final class EntryTransitions {
    static final Transitions<EntryStage, EntryTrigger> TABLE = Transitions.<EntryStage, EntryTrigger>startingAt(WAITING)
            .add(WAITING, START, STARTED)
            .add(WAITING, CANCEL, WAITING_UNWANTED)
            .add(WAITING, END, ENDED)
            .add(WAITING_UNWANTED, START, STARTED_UNWANTED)
            .add(WAITING_UNWANTED, END, ENDED)
            .add(STARTED, CANCEL, STARTED_UNWANTED)
            .add(STARTED, RESTART, WAITING)
            .add(STARTED, END, ENDED)
            .add(STARTED_UNWANTED, END, ENDED)
            .add(ENDED, ARCHIVE, FORGOTTEN);

    private EntryTransitions() {}
}
