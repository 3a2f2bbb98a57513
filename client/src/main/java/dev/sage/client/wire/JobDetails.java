package dev.sage.client.wire;

import dev.sage.api.JobLeases;
import dev.sage.api.JobProgress;
import dev.sage.api.JobResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One job, with all that is known of it.
 *
 * @param leases the GPUs and ports that it has; none once it has ended
 * @param outputs the names under which {@code logs} answers lines: its programs, and {@code print} if it prints
 * @param collected the names of the operators whose records can be had, once it has ended well
 * @param result null before the end
 */
public record JobDetails(
        JobView job,
        JobProgress progress,
        JobLeases leases,
        List<String> outputs,
        List<String> collected,
        @Nullable JobResult result) {}
