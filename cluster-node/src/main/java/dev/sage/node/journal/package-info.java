/** Where the node keeps its jobs: the database, its schema, the form of events, and the table of finished jobs. */
@NullMarked
package dev.sage.node.journal;

import org.jspecify.annotations.NullMarked;
