@NullMarked
package dev.sage.node.http;

import org.jspecify.annotations.NullMarked;
