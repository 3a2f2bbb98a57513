package dev.sage.runtime.core.schedule;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that wait, by rank, and once more by rank within each shape: a walk asks only the first of a shape, and the
 * others only when that one could start. Immutable.
 */
final class Line {
    private static final Line EMPTY = new Line(SortedTree.empty(), SortedTree.empty());

    private final SortedTree<Rank, String> all;
    private final SortedTree<Shape, SortedTree<Rank, String>> byShape;

    private Line(SortedTree<Rank, String> all, SortedTree<Shape, SortedTree<Rank, String>> byShape) {
        this.all = all;
        this.byShape = byShape;
    }

    static Line empty() {
        return EMPTY;
    }

    int size() {
        return all.size();
    }

    @Nullable
    String first() {
        Rank first = all.firstKey();
        return first == null ? null : all.get(first);
    }

    List<String> inOrder() {
        return all.values();
    }

    Line plus(Placement placement) {
        SortedTree<Rank, String> same = byShape.get(placement.shape());
        same = same == null ? SortedTree.empty() : same;
        return new Line(
                all.put(placement.rank(), placement.job()),
                byShape.put(placement.shape(), same.put(placement.rank(), placement.job())));
    }

    Line minus(Placement placement) {
        SortedTree<Rank, String> same = byShape.get(placement.shape());
        if (same == null) {
            return this;
        }
        SortedTree<Rank, String> fewer = same.remove(placement.rank());
        return new Line(
                all.remove(placement.rank()),
                fewer.isEmpty() ? byShape.remove(placement.shape()) : byShape.put(placement.shape(), fewer));
    }

    Walk walk() {
        return new Walk(byShape);
    }

    /** Goes through the jobs in their order, as the line was when it began. */
    static final class Walk {
        private record Front(Rank rank, String job, SortedTree<Rank, String> same) {}

        private final PriorityQueue<Front> fronts = new PriorityQueue<>(Comparator.comparing(Front::rank));

        private int leastGpus = Integer.MAX_VALUE;
        private int leastPorts = Integer.MAX_VALUE;

        Walk(SortedTree<Shape, SortedTree<Rank, String>> byShape) {
            byShape.forEach((shape, same) -> {
                leastGpus = Math.min(leastGpus, shape.gpus());
                leastPorts = Math.min(leastPorts, shape.ports());
                add(same.firstKey(), same);
            });
        }

        /** That any of them asks for. */
        int leastGpus() {
            return leastGpus;
        }

        /** That any of them asks for. */
        int leastPorts() {
            return leastPorts;
        }

        private void add(@Nullable Rank rank, SortedTree<Rank, String> same) {
            String job = rank == null ? null : same.get(rank);
            if (rank != null && job != null) {
                fronts.add(new Front(rank, job, same));
            }
        }

        /** The job to ask now, none at the end. */
        @Nullable
        String job() {
            Front front = fronts.peek();
            return front == null ? null : front.job;
        }

        /** That job could start: those of its shape are asked too. */
        void started() {
            Front front = fronts.remove();
            add(front.same.higherKey(front.rank), front.same);
        }

        /** That job cannot start, so none of its shape can. */
        void waits() {
            fronts.remove();
        }
    }
}
