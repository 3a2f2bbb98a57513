/**
 * For JUnit tests of pipelines: an environment per test, services whose life is recorded and can be disturbed, and the
 * proof that a test left nothing behind. Begin with {@link dev.sage.testkit.SageTest}.
 */
@NullMarked
package dev.sage.testkit;

import org.jspecify.annotations.NullMarked;
