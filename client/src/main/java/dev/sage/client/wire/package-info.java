/**
 * What goes over HTTP between clients and a node, as JSON: {@code openapi.yaml} of the node describes the same. Durations and
 * times are ISO 8601 texts, absent values are left out, and readers skip what they do not know.
 */
@NullMarked
package dev.sage.client.wire;

import org.jspecify.annotations.NullMarked;
