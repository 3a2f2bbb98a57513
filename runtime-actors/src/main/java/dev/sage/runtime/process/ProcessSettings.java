package dev.sage.runtime.process;

import java.time.Duration;

/**
 * The limits of programs that run as processes; their meaning is told in {@code reference.conf}.
 *
 * @param stopWithin from TERM to KILL, where the program's description does not say
 * @param killWithin from KILL until all must be seen to be gone, and their ports free
 * @param readyWithin from the start until a service can be called, where its description does not say
 * @param logFileBytes in one file of output, from which on the next line begins another
 * @param logFiles that are kept of one program, the one being written included
 * @param lineBytes of a line of output; what is longer is told in pieces
 * @param lastLines of output that an error tells
 * @param followLines that wait for a slow listener; beyond, the oldest are dropped and counted
 * @param answerBytes of the body of an answer to an HTTP request
 */
public record ProcessSettings(
        Duration stopWithin,
        Duration killWithin,
        Duration readyWithin,
        long logFileBytes,
        int logFiles,
        int lineBytes,
        int lastLines,
        int followLines,
        int answerBytes) {}
