/** Real JVMs with real processes, ended by kill -9 at random moments: nothing may be left. */
@NullMarked
package dev.sage.acceptance.kill;

import org.jspecify.annotations.NullMarked;
