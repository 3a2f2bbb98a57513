/** What the registry of jobs decides: pure, without actors, clock and disk. */
@NullMarked
package dev.sage.node.core;

import org.jspecify.annotations.NullMarked;
