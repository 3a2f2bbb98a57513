package dev.sage.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Compares what there is now with what there was at its start: threads and actor systems, child processes, listening TCP
 * ports, TCP connections, open files, files in the working and the temporary folder, watched class loaders, and log lines
 * of level WARN and ERROR.
 *
 * <p>Ports, connections and open files are seen on Linux only, log lines where Logback does the logging, and virtual
 * threads not at all. Files that were left in {@code /tmp} itself are seen only while they are open, as other programs
 * leave files there too; give the tests a {@code java.io.tmpdir} of their own to see them all. The check sees the whole
 * JVM, so nothing else may run beside the test.
 *
 * <pre>{@code
 * try (LeakCheck leaks = LeakCheck.start()) {
 *     … // make an environment, run jobs, close it
 *     leaks.expectNoLeaks();
 * }
 * }</pre>
 */
public final class LeakCheck implements AutoCloseable {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

    private final ThreadWatcher threads = new ThreadWatcher();
    private final LoaderWatcher loaders = new LoaderWatcher();
    private final LogWatcher log = new LogWatcher();
    private final List<Watcher> watchers = List.of(
            threads,
            new ProcessWatcher(),
            new PortWatcher(),
            new ConnectionWatcher(),
            new OpenFileWatcher(),
            FileWatcher.ofThisProcess(),
            loaders);
    private Duration patience = Duration.ofSeconds(5);

    private LeakCheck() {}

    /** What there is now is not a leak. To be closed, or the log stays watched. */
    public static LeakCheck start() {
        return new LeakCheck();
    }

    /** Accepts lines of level WARN and ERROR that contain one of these texts. */
    public LeakCheck expectingLog(String... texts) {
        log.expect(List.of(texts));
        return this;
    }

    /** Accepts threads whose names begin with one of these, for example those of a library's pool that is never ended. */
    public LeakCheck expectingThreads(String... prefixes) {
        threads.expect(List.of(prefixes));
        return this;
    }

    /** Expects that nothing refers to this class loader any more at the end. Holds it weakly itself. */
    public LeakCheck watching(ClassLoader loader) {
        loaders.watch(loader);
        return this;
    }

    /**
     * Expects that nothing refers any more at the end to the class loader of this function (or service factory), as when
     * the classes of a job come from a loader of its own. The function itself is not held, and must not be by the test.
     *
     * @throws IllegalArgumentException when its class comes from the loader of this test kit, which stays
     */
    public LeakCheck watchingLoaderOf(Object function) {
        ClassLoader loader = function.getClass().getClassLoader();
        if (loader == null || loader == LeakCheck.class.getClassLoader()) {
            throw new IllegalArgumentException(function.getClass() + " was loaded by " + loader
                    + ", which stays. Load it by a class loader of the test's own.");
        }
        return watching(loader);
    }

    /** How long what ends by itself (a thread that is about to return, a process that was killed) may take; 5 s if not set. */
    public LeakCheck within(Duration time) {
        patience = time;
        return this;
    }

    /**
     * Blocks until nothing is left, for at most {@link #within the given time}.
     *
     * @throws AssertionError names what is left, threads with their stacks and processes with their commands
     */
    public void expectNoLeaks() {
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL_INTERVAL)
                    .atMost(patience)
                    .until(() -> watchers.stream()
                            .allMatch(watcher -> watcher.leaks().isEmpty()));
        } catch (ConditionTimeoutException stillThere) {
            // What is left is told below, with the log lines, which no waiting removes.
        }
        List<String> leaks = new ArrayList<>();
        watchers.forEach(watcher -> leaks.addAll(watcher.leaks()));
        leaks.addAll(log.leaks());
        if (!leaks.isEmpty()) {
            throw new AssertionError("The test left behind:\n  " + String.join("\n  ", leaks));
        }
    }

    /** Ends the watch over the log. Checks nothing. */
    @Override
    public void close() {
        log.close();
    }
}
