/**
 * Programs that run as processes of the operating system: how they are started, asked, followed and ended for certain, with
 * everything that came from them. Plain blocking code, for threads that may block; it knows no actors.
 */
@NullMarked
package dev.sage.runtime.process;

import org.jspecify.annotations.NullMarked;
