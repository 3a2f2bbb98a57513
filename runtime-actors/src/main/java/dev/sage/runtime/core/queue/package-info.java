/** Which job starts next. Owned by the JobManager. */
@NullMarked
package dev.sage.runtime.core.queue;

import org.jspecify.annotations.NullMarked;
