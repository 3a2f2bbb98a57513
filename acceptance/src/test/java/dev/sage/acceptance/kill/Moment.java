package dev.sage.acceptance.kill;

/** What a program is doing when a round of the kill test kills. */
enum Moment {
    /** Its job was submitted: processes are spawned, or wait to become ready, or nothing is there yet. */
    STARTING(1_200),
    /** All its processes run, and are called. */
    RUNNING(1_000),
    /** It was asked to end, by TERM, and is cleaning up. */
    ENDING(800);

    private final int longestMs;

    Moment(int longestMs) {
        this.longestMs = longestMs;
    }

    /** The kill comes at most so long after this has begun. */
    int longestMs() {
        return longestMs;
    }
}
