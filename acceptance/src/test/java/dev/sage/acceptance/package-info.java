/** What Sage promises to the authors of pipelines, one test per rule, through the public api only. */
@NullMarked
package dev.sage.acceptance;

import org.jspecify.annotations.NullMarked;
