/** The code of remote jobs at the node: jars by digest, class loaders, graphs. */
@NullMarked
package dev.sage.node.code;

import org.jspecify.annotations.NullMarked;
