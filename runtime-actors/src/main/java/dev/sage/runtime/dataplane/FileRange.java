package dev.sage.runtime.dataplane;

import java.nio.file.Path;

/**
 * The lines of a file whose first byte is in a range of offsets.
 *
 * @param to exclusive; the last line may reach beyond
 * @param size of the file, when the job began
 */
record FileRange(Path file, long from, long to, long size) {}
