package dev.sage.node.core;

/** The events of a job after its acceptance, by which it comes from one {@link EntryStage} to the next. */
enum EntryTrigger {
    START,
    CANCEL,
    /** The node that ran it is gone. */
    RESTART,
    END,
    ARCHIVE
}
