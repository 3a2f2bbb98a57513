/** The life of a job: its states, its shutdown phases, what it still has to do. Owned by the job's Dispatcher. */
@NullMarked
package dev.sage.runtime.core.job;

import org.jspecify.annotations.NullMarked;
