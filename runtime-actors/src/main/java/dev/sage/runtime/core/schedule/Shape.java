package dev.sage.runtime.core.schedule;

import java.util.Comparator;

/** What decides whether a job can start now: of two jobs of one shape, both can or neither. */
record Shape(String owner, int gpus, int ports) implements Comparable<Shape> {
    private static final Comparator<Shape> ORDER =
            Comparator.comparing(Shape::owner).thenComparingInt(Shape::gpus).thenComparingInt(Shape::ports);

    static Shape of(Submission submission) {
        return new Shape(
                submission.owner(),
                submission.demand().gpus(),
                submission.demand().ports());
    }

    boolean isNothing() {
        return gpus == 0 && ports == 0;
    }

    /** "2 GPUs and 1 port". */
    String demand() {
        return Thing.Kind.GPU.count(gpus) + " and " + Thing.Kind.PORT.count(ports);
    }

    @Override
    public int compareTo(Shape other) {
        return ORDER.compare(this, other);
    }
}
