/** Every failure at every place of a job, in every mode and at every moment of its life. */
@NullMarked
package dev.sage.acceptance.faults;

import org.jspecify.annotations.NullMarked;
