/** The life of a task, as its Task actor sees it. */
@NullMarked
package dev.sage.runtime.core.task;

import org.jspecify.annotations.NullMarked;
