/** {@code sage ray}: brings a Ray cluster of the user up and down. */
@NullMarked
package dev.sage.cli.ray;

import org.jspecify.annotations.NullMarked;
