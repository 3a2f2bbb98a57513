/**
 * For JUnit tests of pipelines: an environment per test, services whose life is recorded and can be disturbed, faults of
 * the runtime at the test's command, and the proof that a test left nothing behind. Begin with {@link
 * dev.sage.testkit.SageTest}.
 *
 * <p>Nothing here is shared between tests: each one has its own environment, probe, faults and time. What is injected
 * goes through {@link dev.sage.runtime.node.NodeSeam}, which does nothing outside of tests.
 */
@NullMarked
package dev.sage.testkit;

import org.jspecify.annotations.NullMarked;
