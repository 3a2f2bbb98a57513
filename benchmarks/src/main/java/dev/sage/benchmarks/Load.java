package dev.sage.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that each do the next thing when the one before is done. */
final class Load {
    private Load() {}

    /** One thing that a client does over and over. */
    interface Step {
        void run(int client) throws Exception;
    }

    /** What was seen: the sorted times in nanoseconds, and how long all of it took. */
    @SuppressWarnings("ArrayRecordComponent")
    record Seen(long[] sortedNs, Duration time) {
        double perSecond() {
            return sortedNs.length * 1e9 / time.toNanos();
        }

        double millis(double quantile) {
            int last = sortedNs.length - 1;
            return sortedNs[(int) Math.min(last, Math.floor(quantile * sortedNs.length))] / 1e6;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "p50 %7.2f ms  p99 %7.2f ms  %7.1f/s  (%d)",
                    millis(0.5),
                    millis(0.99),
                    perSecond(),
                    sortedNs.length);
        }
    }

    /** Blocks for about this time. */
    static Seen run(int clients, Duration time, Step step) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long began = System.nanoTime();
            long until = began + time.toNanos();
            List<Future<List<Long>>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int client = i;
                all.add(threads.submit(() -> repeat(client, until, step)));
            }
            List<Long> took = new ArrayList<>();
            for (Future<List<Long>> one : all) {
                took.addAll(one.get());
            }
            long[] sorted = took.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            return new Seen(sorted, Duration.ofNanos(System.nanoTime() - began));
        } catch (ExecutionException e) {
            throw new IllegalStateException("A client failed.", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Long> repeat(int client, long untilNs, Step step) throws Exception {
        List<Long> took = new ArrayList<>();
        for (long start = System.nanoTime(); start - untilNs < 0; start = System.nanoTime()) {
            step.run(client);
            took.add(System.nanoTime() - start);
        }
        return took;
    }
}
