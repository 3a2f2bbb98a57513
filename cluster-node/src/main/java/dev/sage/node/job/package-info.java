/**
 * The jobs of the node: what was accepted, runs and has ended. {@link dev.sage.node.job.Jobs} is what the HTTP API asks.
 */
@NullMarked
package dev.sage.node.job;

import org.jspecify.annotations.NullMarked;
