/** Ray actors as services and operators of Sage. */
@NullMarked
package dev.sage.ray;

import org.jspecify.annotations.NullMarked;
