/** The settings of a node, and how it sets up its cluster. */
@NullMarked
package dev.sage.node.config;

import org.jspecify.annotations.NullMarked;
