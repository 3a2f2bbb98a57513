package dev.sage.runtime.dataplane;

import dev.sage.api.BatchFunction;
import dev.sage.api.ProcessService;

/** Runs the programs that are operators of a job. */
@FunctionalInterface
public interface Commands {
    /**
     * A function that runs the program when it is called, and returns the end when that has ended well.
     *
     * @param operator its name in the job
     */
    BatchFunction<?> command(String operator, ProcessService program);
}
