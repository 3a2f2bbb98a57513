/** The node as its users have it: a JVM of its own, driven over HTTP by this one and by client JVMs. */
@NullMarked
package dev.sage.acceptance.node;

import org.jspecify.annotations.NullMarked;
