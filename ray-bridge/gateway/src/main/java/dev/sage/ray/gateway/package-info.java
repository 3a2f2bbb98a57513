/**
 * The Ray gateway: a JVM of its own, child of one of Sage, that is a driver of a Ray cluster, and the base actor that it
 * makes there. The only code that links Ray's library, which ends its whole JVM when the cluster is lost, and which
 * displaces the logging and settings of whoever has it on the class path.
 */
@NullMarked
package dev.sage.ray.gateway;

import org.jspecify.annotations.NullMarked;
