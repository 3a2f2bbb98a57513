package dev.sage.samples.rag;

import java.util.List;

/** What a model is told: its task, then passages and question. */
record Prompt(String task, String question) {
    private static final String TASK = "Answer the question in at most three sentences, from the passages alone."
            + " Name the sources in brackets. If the passages do not contain the answer, say so.";

    static Prompt of(Evidence evidence) {
        StringBuilder text = new StringBuilder();
        List<Passage> passages = evidence.passages();
        for (Passage passage : passages) {
            text.append('[')
                    .append(passage.source())
                    .append("] ")
                    .append(passage.text())
                    .append("\n\n");
        }
        return new Prompt(
                TASK, text.append("Question: ").append(evidence.question()).toString());
    }
}
