package dev.sage.samples.rag;

import java.util.List;

/** A question, and what the documents have to say about it. */
record Evidence(String question, List<Passage> passages) {}
