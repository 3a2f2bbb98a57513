package dev.sage.client.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the jobs, the newest first.
 *
 * @param next to be given as {@code after} for the following page; null on the last
 */
public record JobPage(List<JobView> jobs, @Nullable String next) {}
