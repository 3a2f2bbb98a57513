/** When a loop has ended. Owned by the tasks of the loop, each of which has its part. */
@NullMarked
package dev.sage.runtime.core.loop;

import org.jspecify.annotations.NullMarked;
