/** What records look like as text: JSON and CSV by Jackson, behind the formats of {@code dev.sage.api.spi}. */
@NullMarked
package dev.sage.runtime.format;

import org.jspecify.annotations.NullMarked;
