/** The life of a service: when which of its life-cycle methods is called. Owned by its Service actor. */
@NullMarked
package dev.sage.runtime.core.service;

import org.jspecify.annotations.NullMarked;
