/**
 * The {@code sage} command: finds a program, runs its {@code main} in this JVM, and answers with an exit code.
 *
 * <p>Nothing here knows the runtime. A program makes its own environment; when the JVM ends, on whatever way, the
 * runtime's shutdown hooks cancel what still runs and clean up. So all that is left to do here is to end the JVM once, in
 * the right way, with the right code: see {@link dev.sage.cli.Exit}.
 */
@NullMarked
package dev.sage.cli;

import org.jspecify.annotations.NullMarked;
