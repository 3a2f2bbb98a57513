package dev.sage.acceptance.graph;

import java.util.List;

/** The stream that a node makes, by sequential evaluation: its records, and how far their order is promised. */
record Flow(List<Long> records, Order order, int parallelism) {
    Flow {
        records = List.copyOf(records);
    }
}
