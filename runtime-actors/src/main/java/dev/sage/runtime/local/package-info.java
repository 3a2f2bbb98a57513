/** The local environment: a node in this JVM, and the handles by which its caller sees jobs. */
@NullMarked
package dev.sage.runtime.local;

import org.jspecify.annotations.NullMarked;
