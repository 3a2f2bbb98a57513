package dev.sage.acceptance.faults;

import dev.sage.api.JobState;
import dev.sage.testkit.Interrupts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One cell of the matrix, with what must come of it. */
record Cell(Failure failure, Place place, Mode mode, Moment moment) {

    /** All cells of a failure that can exist. */
    static List<Cell> of(Failure failure) {
        List<Cell> cells = new ArrayList<>();
        for (Place place : Place.values()) {
            for (Mode mode : Mode.values()) {
                for (Moment moment : Moment.values()) {
                    Cell cell = new Cell(failure, place, mode, moment);
                    if (cell.impossible().isEmpty()) {
                        cells.add(cell);
                    }
                }
            }
        }
        return cells;
    }

    /** Why this cell cannot exist; empty when it can. */
    Optional<String> impossible() {
        boolean service = place == Place.SERVICE;
        if (failure == Failure.TASK_ACTOR_DIES && service) {
            return Optional.of("a service has no Task actor");
        }
        if (failure == Failure.SERVICE_ACTOR_DIES && !service) {
            return Optional.of("an operator has no Service actor");
        }
        if (failure.isServiceDeath() && !service) {
            return Optional.of("only a service says that it has died");
        }
        if (failure == Failure.CLEANUP_HANGS && (!service || moment != Moment.STOPPING)) {
            return Optional.of("only a service has a cleanup, and only at the end");
        }
        if (!failure.isDeath() && moment == Moment.STARTING && place != Place.SINK && !service) {
            return Optional.of("no user code of a source, map, keyed or async operator runs before the job does");
        }
        return Optional.empty();
    }

    /** The user code in which the job is when it strikes. An actor may die while the job is in code of another place. */
    Site site() {
        if (failure == Failure.CLEANUP_HANGS) {
            return Site.SERVICE_CLEANUP;
        }
        if (failure.isServiceDeath()) {
            return moment == Moment.STARTING ? Site.SINK_OPEN : Site.SERVICE_CALL;
        }
        if (place == Place.SERVICE) {
            return switch (moment) {
                case STARTING -> Site.SERVICE_START;
                case RUNNING -> Site.SERVICE_CALL;
                case STOPPING -> Site.SERVICE_STOP;
            };
        }
        return moment == Moment.STARTING ? Site.SINK_OPEN : Site.valueOf(place.name());
    }

    /** Whether nothing ends the job by itself, so that it must be cancelled. */
    boolean needsCancel() {
        return failure.isHang() && moment != Moment.STOPPING;
    }

    /** Section 4 of the architecture: the first cause settles it, and a good outcome becomes FAILED by a later failure. */
    JobState outcome() {
        if (recovers()) {
            return needsStop() ? JobState.STOPPED : JobState.COMPLETED;
        }
        return needsCancel() ? JobState.CANCELLED : JobState.FAILED;
    }

    /** Whether nothing comes of it but calls that take longer. */
    boolean recovers() {
        return failure == Failure.SERVICE_DIES_AND_RECOVERS;
    }

    /** Whether somebody has to stop a job of which nothing has failed. */
    boolean needsStop() {
        return moment == Moment.STOPPING || mode == Mode.NO_AUTOSTOP;
    }

    /** Whether the service outlives the job. */
    boolean keepsService() {
        return mode == Mode.KEEP_SERVICES && outcome() == JobState.COMPLETED;
    }

    /** Whether the tasks commit: it strikes after that, or does no harm. */
    boolean commits() {
        return recovers() || strikesAtServicesEnd();
    }

    /** Whether the tasks have ended when it strikes. */
    boolean strikesAtServicesEnd() {
        return site() == Site.SERVICE_STOP || site() == Site.SERVICE_CLEANUP;
    }

    /** A start or stop that hangs is told as a failure of the job, and the service cleaned up; its thread may stay. */
    boolean hangsInStartOrStop() {
        return failure.isHang() && (site() == Site.SERVICE_START || site() == Site.SERVICE_STOP);
    }

    /** The task or service that cannot be cleaned; empty when all can. */
    Optional<String> leftBehind() {
        if (!failure.isHang()) {
            return Optional.empty();
        }
        // A call is never interrupted: that would close files under the service's other callers.
        if (site() == Site.SERVICE_CALL) {
            return Optional.of(Place.MAP.key());
        }
        return failure.interrupts() == Interrupts.HONOURED ? Optional.empty() : Optional.of(place.key());
    }

    /** Whether what is left behind, if anything is, is no task. */
    boolean tasksReturn() {
        return leftBehind().filter(name -> !name.equals(Place.SERVICE.key())).isEmpty();
    }

    /** Whether the service's cleanup returns in time. */
    boolean isServiceCleaned() {
        return failure != Failure.CLEANUP_HANGS;
    }

    @Override
    public String toString() {
        return failure + " in " + place + ", " + mode + ", " + moment;
    }
}
