package dev.sage.runtime.core.schedule;

import static dev.sage.runtime.core.schedule.Stage.*;
import static dev.sage.runtime.core.schedule.StageTrigger.*;

import dev.sage.runtime.core.Transitions;

/**
 * The transition table of a job in the schedule. What is being acquired for a job that has ended meanwhile is freed only
 * when the answer has come: until then nobody knows whether it was acquired.
 */
public final class StageTransitions {
    public static final Transitions<Stage, StageTrigger> TABLE = Transitions.<Stage, StageTrigger>startingAt(WAITING)
            .add(WAITING, CHOOSE, ACQUIRING)
            .add(WAITING, ADMIT, RUNNING)
            .add(WAITING, END, GONE)
            .add(ACQUIRING, ADMIT, RUNNING)
            .add(ACQUIRING, NOT_ACQUIRED, WAITING)
            .add(ACQUIRING, IMPOSSIBLE, GONE)
            .add(ACQUIRING, END, WITHDRAWN)
            .add(WITHDRAWN, ADMIT, LEAVING)
            .add(WITHDRAWN, NOT_ACQUIRED, GONE)
            .add(WITHDRAWN, IMPOSSIBLE, GONE)
            .add(RUNNING, END, LEAVING)
            .add(LEAVING, FREED, GONE);

    private StageTransitions() {}
}
