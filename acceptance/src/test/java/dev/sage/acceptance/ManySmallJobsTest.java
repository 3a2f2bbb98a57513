package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.api.Service;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.LeakFree;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Ten thousand small jobs, one after the other in one environment: each one ends, and what a job leaves in the JVM is so
 * little that it cannot be told from nothing.
 */
@ExtendWith(LeakFree.class)
class ManySmallJobsTest {
    private static final int WARM_UP = 100;
    private static final int JOBS = 10_000;
    private static final Duration BOUND = Duration.ofSeconds(30);

    /**
     * Some tables of the JVM and of Pekko reach their final size only after thousands of jobs: up to 2 MB, after 60,000 jobs
     * as after 10,000. The rest is less than what one result of a job would hold, for each job.
     */
    private static final long HEAP_TOLERANCE = 4_000_000;

    /** Pools that grow on demand may have had no demand in the first hundred jobs. */
    private static final int THREAD_TOLERANCE = 4;

    /** Accessors that reflection makes after some calls, and classes that a rare path loads. */
    private static final int CLASS_TOLERANCE = 100;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void tenThousandJobsEndAndLeaveHeapThreadsAndClassesAsAfterTheFirstHundred() throws Exception {
        long[] nanos = new long[JOBS];
        try (LocalEnvironment env = LocalEnvironment.create("many")) {
            for (int i = 0; i < WARM_UP; i++) {
                runJob(env);
            }
            // The first look loads the classes that looking needs.
            Footprint.now();
            Footprint before = Footprint.now();
            for (int i = 0; i < JOBS; i++) {
                long start = System.nanoTime();
                runJob(env);
                nanos[i] = System.nanoTime() - start;
            }
            Footprint after = Footprint.now();
            report(nanos, before, after);
            assertThat(after.heapBytes()).as("heap").isLessThan(before.heapBytes() + HEAP_TOLERANCE);
            assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + THREAD_TOLERANCE);
            assertThat(after.classes()).as("classes").isLessThanOrEqualTo(before.classes() + CLASS_TOLERANCE);
            assertThat(after.classLoaders())
                    .as("class loaders")
                    .isLessThanOrEqualTo(before.classLoaders() + CLASS_TOLERANCE);
        }
    }

    private static void runJob(LocalEnvironment env) throws Exception {
        var adder = env.service("adder", Adder::new);
        Results<Object> sums =
                env.fromRange(0, 10).map(n -> adder.call("addOne", n)).collect();
        JobHandle job = env.submit(SubmitOptions.autostop());
        assertThat(job.awaitClean(BOUND).state()).isEqualTo(JobState.COMPLETED);
        assertThat(sums.list()).hasSize(10);
    }

    private static void report(long[] nanos, Footprint before, Footprint after) {
        long total = Arrays.stream(nanos).sum();
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%d small jobs: %.0f jobs/s, p50 %.2f ms, p99 %.2f ms, max %.2f ms%n  before %s%n  after  %s%n",
                JOBS,
                JOBS * 1e9 / total,
                nanos[JOBS / 2] / 1e6,
                nanos[JOBS * 99 / 100] / 1e6,
                nanos[JOBS - 1] / 1e6,
                before,
                after);
    }

    static final class Adder implements Service {
        public long addOne(Long n) {
            return n + 1;
        }
    }

    /** What the JVM holds. */
    private record Footprint(long heapBytes, int threads, int classes, int classLoaders) {

        static Footprint now() throws Exception {
            long heap = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                System.gc();
                heap = Math.min(
                        heap,
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            }
            return new Footprint(
                    heap,
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                    liveClassLoaders());
        }

        /** Counted in the JVM's own histogram, which walks the heap. */
        private static int liveClassLoaders() throws Exception {
            Object histogram = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return histogram
                    .toString()
                    .lines()
                    .map(String::strip)
                    .map(line -> line.split("\\s+"))
                    .filter(columns -> columns.length >= 4 && columns[3].endsWith("ClassLoader"))
                    .mapToInt(columns -> Integer.parseInt(columns[1]))
                    .sum();
        }
    }
}
