/**
 * What the author of a pipeline imports: environments, streams, functions, services, and what a job answers.
 *
 * <p>Nothing here runs anything. An environment records a graph; a runtime, found by {@link java.util.ServiceLoader} as
 * JDBC finds drivers, plans and runs it.
 */
@NullMarked
package dev.sage.api;

import org.jspecify.annotations.NullMarked;
