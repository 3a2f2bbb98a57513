/**
 * What jobs hold outside of the JVM, and how it is known when the JVM is gone: the ledger of this JVM, the sweep of those
 * that others left, and the machine-wide locks of GPUs and ports. Plain blocking code, for threads that may block; it knows
 * no actors.
 */
@NullMarked
package dev.sage.runtime.resource;

import org.jspecify.annotations.NullMarked;
