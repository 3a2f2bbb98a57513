/**
 * Actors of Ray as services and operators of jobs: what they are made of, written to the ledger before they are made, and
 * ended with their job. What speaks to Ray is another module, found by {@link dev.sage.runtime.ray.RayBridgeProvider}.
 */
@NullMarked
package dev.sage.runtime.ray;

import org.jspecify.annotations.NullMarked;
