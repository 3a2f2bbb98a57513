/**
 * The decisions, as pure classes: no actor, no thread, no clock, no I/O. Each entity has one transition table; actors
 * bring commands here and carry out what is outstanding.
 */
@NullMarked
package dev.sage.runtime.core;

import org.jspecify.annotations.NullMarked;
