/** The JobManager: which jobs there are, which may run, and the services that outlived theirs. */
@NullMarked
package dev.sage.runtime.job;

import org.jspecify.annotations.NullMarked;
