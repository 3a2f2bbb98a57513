/** What a runtime provides to the api, and what modules share beneath it. Authors of pipelines need nothing of it. */
@NullMarked
package dev.sage.api.spi;

import org.jspecify.annotations.NullMarked;
