package dev.sage.runtime.core.task;

import static dev.sage.runtime.core.task.TaskState.*;

import dev.sage.runtime.core.Transitions;

/**
 * The transition table of a task. A cancel is possible until the commit has begun; a commit only after a good end. A
 * task that has failed waits for its owner, so that everything of the job is ended by the one who owns it.
 */
public final class TaskTransitions {
    public static final Transitions<TaskState, TaskTrigger> TABLE = Transitions.<TaskState, TaskTrigger>startingAt(
                    CREATED)
            .add(CREATED, TaskTrigger.START, OPENING)
            .add(OPENING, TaskTrigger.OPENED, RUNNING)
            .add(OPENING, TaskTrigger.FAILED, FAILED)
            .add(OPENING, TaskTrigger.CANCEL, CANCELLING)
            .add(RUNNING, TaskTrigger.ENDED, ENDED)
            .add(RUNNING, TaskTrigger.FAILED, FAILED)
            .add(RUNNING, TaskTrigger.CANCEL, CANCELLING)
            .add(ENDED, TaskTrigger.COMMIT, COMMITTING)
            .add(ENDED, TaskTrigger.CANCEL, CANCELLING)
            .add(FAILED, TaskTrigger.CANCEL, CANCELLING)
            .add(COMMITTING, TaskTrigger.CLOSED, CLOSED)
            .add(COMMITTING, TaskTrigger.ABANDON, ABANDONED)
            .add(CANCELLING, TaskTrigger.CLOSED, CLOSED)
            .add(CANCELLING, TaskTrigger.ABANDON, ABANDONED);

    private TaskTransitions() {}
}
