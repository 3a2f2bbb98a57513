/** When sources emit. */
@NullMarked
package dev.sage.runtime.core.source;

import org.jspecify.annotations.NullMarked;
