/** What there is once per node: the agent that is the parent of all that runs here, and the data plane's threads. */
@NullMarked
package dev.sage.runtime.node;

import org.jspecify.annotations.NullMarked;
