/** What a node decides: the life of jobs in its record, and limits. Pure, without actors, clock and disk. */
@NullMarked
package dev.sage.node.core;

import org.jspecify.annotations.NullMarked;
