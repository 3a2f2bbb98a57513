/** The arrows and the bans of the architecture, checked on the compiled classes. */
@NullMarked
package dev.sage.acceptance.rules;

import org.jspecify.annotations.NullMarked;
