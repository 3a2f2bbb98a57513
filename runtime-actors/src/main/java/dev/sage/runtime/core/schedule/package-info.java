/** Which job starts next, and with which GPUs and ports. Owned by the JobManager. */
@NullMarked
package dev.sage.runtime.core.schedule;

import org.jspecify.annotations.NullMarked;
