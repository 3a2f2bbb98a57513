package dev.sage.runtime.core.service;

import java.util.Optional;

/** What a service's actor does. */
public sealed interface ServiceEffect {
    /** Runs a life-cycle method on a thread for blocking code. */
    record Run(ServiceStep step) implements ServiceEffect {}

    /** Interrupts the life-cycle method that runs. */
    record Interrupt() implements ServiceEffect {}

    /** Lets no more calls in. */
    record CloseDoor() implements ServiceEffect {}

    /** Lets calls wait, or fail, until the next instance runs. */
    record HoldDoor() implements ServiceEffect {}

    /** Bounds the time until the instance of this number runs. */
    record BoundRestart(int instance) implements ServiceEffect {}

    record TellRunning() implements ServiceEffect {}

    /** The instance of this number has died; another is made, by the restart of this number of those that count now. */
    record TellRestarting(int instance, Throwable cause, int restart, int allowed) implements ServiceEffect {}

    /** The instance of this number, which replaces one that died, runs. */
    record TellRestarted(int instance) implements ServiceEffect {}

    /** {@code init}, {@code start} or the end of an instance to be replaced threw, or took too long. */
    record TellFailed(ServiceStep step, Throwable thrown) implements ServiceEffect {}

    /** It died, for good. */
    record TellDied(Throwable cause) implements ServiceEffect {}

    record TellStopped(Optional<Throwable> thrown) implements ServiceEffect {}

    /** Its cleanup has ended, but the method that was given up for it has not returned. */
    record TellHeld(ServiceStep step, Optional<Throwable> thrown) implements ServiceEffect {}

    /** The last one: nothing runs any more, and the actor ends. After a {@link TellHeld} without what that told. */
    record TellCleaned(Optional<Throwable> thrown) implements ServiceEffect {}
}
