package dev.sage.runtime.dataplane;

import java.time.Duration;

/**
 * The limits of the data plane; their meaning is told in {@code reference.conf}.
 *
 * @param threads of the executor
 * @param quantum how long a tasklet runs before others have their turn
 * @param replaceAfter how long one call of user code may hold a thread before another thread takes its place
 * @param batchRecords in one batch of an exchange
 * @param channelBatches credits of one channel
 * @param overdrawRecords that one call may emit beyond the credits
 * @param keyGroups into which keys are hashed
 * @param joinMaxRecords that one instance of a join may keep
 * @param maxLineBytes of a line of text
 * @param maxFiles that the pattern of a source may match
 * @param catchUp how much of what a generator is late it makes up for
 * @param handOffRecords between the thread of a user-written source and its task
 * @param collectMaxRecords that one collect() may hold
 * @param feedbackGateRecords waiting to go round a loop again, from which on nothing more is let in from outside
 * @param feedbackMaxRecords that may wait so
 */
public record DataPlaneSettings(
        int threads,
        Duration quantum,
        Duration replaceAfter,
        int batchRecords,
        int channelBatches,
        int overdrawRecords,
        int keyGroups,
        int joinMaxRecords,
        int maxLineBytes,
        int maxFiles,
        Duration catchUp,
        int handOffRecords,
        int collectMaxRecords,
        int feedbackGateRecords,
        int feedbackMaxRecords) {}
