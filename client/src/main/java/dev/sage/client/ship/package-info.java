/**
 * What makes a job run in another JVM: its code as jars, its graph, the records that it collects and the calls of its
 * services as bytes. Both ends use it.
 */
@NullMarked
package dev.sage.client.ship;

import org.jspecify.annotations.NullMarked;
