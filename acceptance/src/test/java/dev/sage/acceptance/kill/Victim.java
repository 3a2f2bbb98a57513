package dev.sage.acceptance.kill;

/** Whom a round of the kill test kills. */
enum Victim {
    /** The Sage program itself. */
    JVM,
    /** The program, and at the same moment all else that is not a job's: nobody is left that could clean up. */
    JVM_AND_GUARDIAN,
    /** The program is to go on, and to clean up when it is killed later. */
    GUARDIAN,
    /** A process service that is called. */
    SERVER,
    /** A process that the server made. */
    CHILD,
    /** A command. */
    COMMAND
}
