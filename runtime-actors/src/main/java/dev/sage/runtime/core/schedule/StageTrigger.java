package dev.sage.runtime.core.schedule;

/** What moves a job from stage to stage. */
public enum StageTrigger {
    /** Something was chosen for it. */
    CHOOSE,
    /** It has all that it asked for. */
    ADMIT,
    /** Something of what was chosen could not be had. */
    NOT_ACQUIRED,
    /** Nothing can be acquired at all. */
    IMPOSSIBLE,
    END,
    /** Nothing is leased to it any more. */
    FREED
}
