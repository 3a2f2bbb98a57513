package dev.sage.benchmarks;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Calls or records, and what they took of the processors in all processes together, which a busy machine changes less than
 * the time of the clock.
 *
 * @param sortedNs how long each took; empty where only their number is known
 */
@SuppressWarnings("ArrayRecordComponent")
record Measured(double count, double seconds, long[] sortedNs, double cpuMicros) {
    private static final long[] UNKNOWN = {};

    /** In the order in which a round has them. */
    enum What {
        PLAIN_SYNC,
        SAGE_SYNC,
        PLAIN_MANY,
        SAGE_MANY,
        PLAIN_EACH,
        SAGE_EACH,
        SAGE_BATCHED
    }

    /** Something to be measured. */
    interface Run {
        Measured run() throws Exception;
    }

    static Measured of(double count, double seconds) {
        return new Measured(count, seconds, UNKNOWN, 0);
    }

    static Measured of(Load.Seen seen) {
        return new Measured(seen.sortedNs().length, seen.time().toNanos() / 1e9, seen.sortedNs(), 0);
    }

    /** With the time of the processors. */
    static Measured with(Run run) throws Exception {
        double before = cpuSeconds();
        Measured measured = run.run();
        double took = cpuSeconds() - before;
        return new Measured(
                measured.count, measured.seconds, measured.sortedNs, Math.max(0, took) * 1e6 / measured.count);
    }

    /** The cluster is a child of this JVM, too. */
    private static double cpuSeconds() {
        ProcessHandle own = ProcessHandle.current();
        return Stream.concat(Stream.of(own), own.descendants())
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .mapToDouble(time -> time.toMillis() / 1e3)
                .sum();
    }

    double perSecond() {
        return count / seconds;
    }

    double millis(double quantile) {
        return new Load.Seen(sortedNs, Duration.ZERO).millis(quantile);
    }

    @Override
    public String toString() {
        String times = sortedNs.length == 0
                ? ""
                : String.format(Locale.ROOT, ", p50 %.2f ms, p99 %.2f ms", millis(0.5), millis(0.99));
        return String.format(Locale.ROOT, "%,9.0f/s, CPU %5.0f us%s", perSecond(), cpuMicros, times);
    }
}
