/** What a runtime provides to the api. Authors of pipelines need nothing of it. */
@NullMarked
package dev.sage.api.spi;

import org.jspecify.annotations.NullMarked;
