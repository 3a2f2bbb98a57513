package dev.sage.samples.rag;

import java.io.IOException;
import java.util.List;

/** The index as the pipeline sees it. */
interface Search {
    /** The best passages for a question, the best one first; none when not a single word of it is found. */
    List<Passage> search(String question, int limit) throws IOException;
}
