/** Tests of the test kit; many run a test inside a test, to see it fail. */
@NullMarked
package dev.sage.testkit;

import org.jspecify.annotations.NullMarked;
