/**
 * Scores answers by a server that is not Java: a process that the job starts on a port of its own, calls by HTTP, and ends
 * with all that it started.
 */
@NullMarked
package dev.sage.samples.judge;

import org.jspecify.annotations.NullMarked;
