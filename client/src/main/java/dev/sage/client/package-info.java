/** Submits jobs to a node over HTTP: the remote environment, its job handles, and the shipping of code. */
@NullMarked
package dev.sage.client;

import org.jspecify.annotations.NullMarked;
