package dev.sage.runtime.dataplane;

import dev.sage.api.DeadLetter;

/**
 * Travels in place of a record that has no key: the one who reads by key puts it aside, for the dead-letter sink has a
 * life in its instances and in no others.
 */
record Unkeyed(DeadLetter letter) {}
