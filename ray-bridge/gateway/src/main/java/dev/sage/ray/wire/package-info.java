/**
 * What Sage and the Ray gateway say to each other, and how values cross to actors: frames, messages, and the envelope of
 * values. Knows neither Ray nor Sage; both processes and the Java workers of Ray have it on their class path.
 */
@NullMarked
package dev.sage.ray.wire;

import org.jspecify.annotations.NullMarked;
