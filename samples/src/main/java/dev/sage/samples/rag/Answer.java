package dev.sage.samples.rag;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of the output.
 *
 * @param answer null when nothing was found
 * @param by who worded the answer: a model's name, or {@code best passage}
 * @param passages what the answer rests on
 */
record Answer(String question, @Nullable String answer, String by, List<Passage> passages) {

    static Answer bestPassage(Evidence evidence) {
        List<Passage> passages = evidence.passages();
        String best = passages.isEmpty() ? null : passages.get(0).text();
        return new Answer(evidence.question(), best, "best passage", passages);
    }
}
