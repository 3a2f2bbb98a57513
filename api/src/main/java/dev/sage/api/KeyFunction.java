package dev.sage.api;

import java.io.Serializable;

/**
 * Gives the key of a record. Records of equal keys meet in the same parallel instance, in their order.
 *
 * <p>A key must have a hash that is the same in every JVM: primitives' boxes, strings, enums, UUIDs, dates and times,
 * lists, and records made of these. Zero, {@code false} and the empty string are keys like any other. Another type
 * fails the job with a message that names it. The function must be pure: it may be called more than once for a record.
 */
@FunctionalInterface
public interface KeyFunction<T, K> extends Serializable {
    /** The key of this record; never null. */
    K keyOf(T value) throws Exception;
}
