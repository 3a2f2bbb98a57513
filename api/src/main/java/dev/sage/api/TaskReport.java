package dev.sage.api;

import java.util.List;

/**
 * What one task, a parallel instance of a chain, has done.
 *
 * @param operators the names of the operators chained in it, upstream first
 * @param recordsIn what it took from its source or its inputs
 * @param recordsOut what it sent downstream or gave to its sinks
 * @param bytesRead of a file source, 0 for others
 * @param bytesTotal what a file source is to read, 0 for others
 * @param errors what the error policies of its operators did
 */
public record TaskReport(
        String name,
        int instance,
        List<String> operators,
        long recordsIn,
        long recordsOut,
        long bytesRead,
        long bytesTotal,
        ErrorCounts errors) {

    /** A report without errors. */
    public TaskReport(
            String name,
            int instance,
            List<String> operators,
            long recordsIn,
            long recordsOut,
            long bytesRead,
            long bytesTotal) {
        this(name, instance, operators, recordsIn, recordsOut, bytesRead, bytesTotal, ErrorCounts.NONE);
    }
}
