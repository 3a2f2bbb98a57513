/** Task actors: the control shell of a tasklet. They run no user code, so no user code can keep one from answering. */
@NullMarked
package dev.sage.runtime.task;

import org.jspecify.annotations.NullMarked;
