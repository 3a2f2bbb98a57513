/** HTTP as a client of a node needs it: JSON, artifacts, and streams of events that survive broken connections. */
@NullMarked
package dev.sage.client.http;

import org.jspecify.annotations.NullMarked;
