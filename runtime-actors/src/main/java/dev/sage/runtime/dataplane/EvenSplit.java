package dev.sage.runtime.dataplane;

/** Divides a number of things into contiguous parts whose sizes differ by at most one. */
final class EvenSplit {
    private EvenSplit() {}

    /** Where a part begins; that of {@code part == parts} is the end of the last one. */
    static long start(long total, int parts, int part) {
        return total / parts * part + Math.min(part, total % parts);
    }
}
