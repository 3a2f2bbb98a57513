/** A node: a JVM that takes jobs over HTTP, keeps them in a journal, and runs them. */
@NullMarked
package dev.sage.node;

import org.jspecify.annotations.NullMarked;
