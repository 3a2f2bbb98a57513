/** The logical graph: what an environment hands to a runtime. Plain data, without behaviour. */
@NullMarked
package dev.sage.api.graph;

import org.jspecify.annotations.NullMarked;
