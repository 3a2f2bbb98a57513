/** Pipelines that do real work, one package each, and what they share. A sample's main class is the place to begin. */
@NullMarked
package dev.sage.samples;

import org.jspecify.annotations.NullMarked;
