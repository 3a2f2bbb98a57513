package dev.sage.samples.rag;

/**
 * A piece of a document that was found.
 *
 * @param source the document's file name
 * @param score by BM25; comparable within one question only
 */
record Passage(String source, String text, float score) {}
