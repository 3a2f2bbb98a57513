/**
 * Random graphs of all operators, run by Sage and evaluated one record after the other, which must give the same. Each
 * operator says in one place what it means ({@link dev.sage.acceptance.graph.Step#evaluate}), how Sage builds it, and
 * what order it promises.
 */
@NullMarked
package dev.sage.acceptance.graph;

import org.jspecify.annotations.NullMarked;
