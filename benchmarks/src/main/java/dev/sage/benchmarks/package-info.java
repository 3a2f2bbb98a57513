/** Measures a node as its users see it. Not part of what they get. */
@NullMarked
package dev.sage.benchmarks;

import org.jspecify.annotations.NullMarked;
