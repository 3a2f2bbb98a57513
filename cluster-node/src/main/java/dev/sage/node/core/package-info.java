/** What a node decides, without clock, I/O or Pekko. */
@NullMarked
package dev.sage.node.core;

import org.jspecify.annotations.NullMarked;
