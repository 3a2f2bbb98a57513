/**
 * Answers questions from documents: retrieval, and, when there is a language model to ask, generation.
 *
 * <p>The search index and the connection to the model are services of the job. They are what a function could not carry
 * along: made once, called by many, and given back when the job ends, however it ends.
 */
@NullMarked
package dev.sage.samples.rag;

import org.jspecify.annotations.NullMarked;
