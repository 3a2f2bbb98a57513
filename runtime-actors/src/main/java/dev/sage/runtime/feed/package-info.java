/** What jobs tell to those who listen: never waits for them, and keeps a bounded history for those who come late. */
@NullMarked
package dev.sage.runtime.feed;

import org.jspecify.annotations.NullMarked;
