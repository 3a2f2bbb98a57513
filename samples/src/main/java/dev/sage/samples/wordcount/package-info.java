/** Counts the words of files: the smallest pipeline with a keyed aggregation, and a command with all that users expect. */
@NullMarked
package dev.sage.samples.wordcount;

import org.jspecify.annotations.NullMarked;
