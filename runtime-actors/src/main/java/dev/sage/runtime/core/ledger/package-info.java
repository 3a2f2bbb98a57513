/** What a JVM holds outside of itself, written down before it is acquired, so that whoever finds the record can free it. */
@NullMarked
package dev.sage.runtime.core.ledger;

import org.jspecify.annotations.NullMarked;
