package dev.sage.samples.judge;

/**
 * A line of the input.
 *
 * @param reference what a right answer says
 */
record Candidate(String question, String answer, String reference) {

    /** What the judge is told; not the question, so that it cannot answer by itself. */
    record Asked(String answer, String reference) {}

    /** What the judge answers, from 0 to 1. */
    record Score(double score) {}

    /** A line of the output. */
    record Graded(String question, String answer, double score) {}

    Asked asked() {
        return new Asked(answer, reference);
    }

    Graded graded(Score by) {
        return new Graded(question, answer, by.score());
    }
}
