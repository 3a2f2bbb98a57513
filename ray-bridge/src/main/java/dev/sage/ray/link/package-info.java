/** The Ray gateway as Sage sees it: a child process that is started, asked, and whose death is noticed at once. */
@NullMarked
package dev.sage.ray.link;

import org.jspecify.annotations.NullMarked;
