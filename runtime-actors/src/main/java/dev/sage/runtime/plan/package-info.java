/**
 * From the logical graph to tasks and exchanges. Pure: a plan says what shall run together and how records cross from
 * one task to another, and starts nothing.
 */
@NullMarked
package dev.sage.runtime.plan;

import org.jspecify.annotations.NullMarked;
