/**
 * Where records flow: tasklets, the executor that runs them, exchanges between them, and the operators, sources and
 * sinks inside them. No actors here: a Task actor starts, stops and hears of its tasklet through {@link
 * dev.sage.runtime.dataplane.TaskControl} and {@link dev.sage.runtime.dataplane.TaskListener}.
 */
@NullMarked
package dev.sage.runtime.dataplane;

import org.jspecify.annotations.NullMarked;
