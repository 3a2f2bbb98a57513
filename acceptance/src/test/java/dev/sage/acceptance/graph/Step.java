package dev.sage.acceptance.graph;

import dev.sage.api.DataStream;
import java.io.IOException;
import java.util.List;

/** What one operator of a random graph does: by definition, in Sage, and to the order of the records. */
interface Step {
    /** The records that come out when the records of the inputs go in one after the other. */
    List<Long> evaluate(List<List<Long>> inputs);

    /** The same in Sage. The stream that is answered has the given parallelism. */
    DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) throws IOException;

    /** What is promised of the order of the records that come out. */
    Order order(List<Flow> inputs, int parallelism);

    /** Whether its instances read from all instances of their inputs, whatever the parallelisms. */
    default boolean isKeyed() {
        return false;
    }

    /** For sources of which there can be one instance only. */
    default int maxParallelism() {
        return Integer.MAX_VALUE;
    }
}
