/** Settings: read once, when an environment is created, and checked with their keys in the message. */
@NullMarked
package dev.sage.runtime.config;

import org.jspecify.annotations.NullMarked;
