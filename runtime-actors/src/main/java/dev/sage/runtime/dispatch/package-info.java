/** Dispatchers: each one owns the life of one job, and is the only one that changes it. */
@NullMarked
package dev.sage.runtime.dispatch;

import org.jspecify.annotations.NullMarked;
