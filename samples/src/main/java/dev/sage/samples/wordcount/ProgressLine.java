package dev.sage.samples.wordcount;

import dev.sage.api.JobHandle;
import dev.sage.api.JobProgress;
import dev.sage.api.JobResult;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a job is: bytes, records per second and the time that is left, on one line of standard error that is gone
 * at the end. Only for a terminal, and only once a job takes long enough for somebody to wonder.
 */
final class ProgressLine {
    /** Set by {@code bin/sage} when standard error is a terminal; Java itself cannot tell for sure. */
    private static final String COLUMNS = "sage.terminal.columns";

    private static final long FIRST_MS = 500;
    private static final int INTERVAL_MS = 200;
    private static final long MEGABYTE = 1_000_000;

    private final JobHandle job;
    private final int columns;
    private final ScheduledExecutorService clock;
    private @Nullable ProgressBar bar;

    private ProgressLine(JobHandle job, int columns) {
        this.job = job;
        this.columns = columns;
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress-line");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** {@link JobHandle#awaitClean}, with the line for as long as it blocks. */
    static JobResult awaitClean(JobHandle job) throws InterruptedException {
        int columns = Integer.getInteger(COLUMNS, 0);
        if (columns <= 0) {
            return job.awaitClean();
        }
        ProgressLine line = new ProgressLine(job, columns);
        Future<?> updates = line.clock.scheduleWithFixedDelay(line::show, FIRST_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
        try {
            return job.awaitClean();
        } finally {
            updates.cancel(false);
            line.clock.execute(line::remove);
            line.clock.shutdown();
            line.clock.awaitTermination(1, TimeUnit.SECONDS);
        }
    }

    private void show() {
        JobProgress progress = job.progress();
        if (bar == null) {
            bar = newBar();
        }
        bar.maxHint(progress.bytesTotal()).stepTo(progress.bytesRead());
        double seconds = Math.max(0.001, bar.getTotalElapsed().toMillis() / 1000.0);
        bar.setExtraMessage(String.format(Locale.ROOT, " %,.0f records/s", recordsRead(progress) / seconds));
    }

    private static long recordsRead(JobProgress progress) {
        return progress.tasks().stream()
                .filter(task -> task.bytesTotal() > 0)
                .mapToLong(task -> task.recordsIn())
                .sum();
    }

    private ProgressBar newBar() {
        return new ProgressBarBuilder()
                .setConsumer(new OneLine(columns))
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(" MB", MEGABYTE)
                .setEtaFunction(ProgressLine::timeLeft)
                .setUpdateIntervalMillis(INTERVAL_MS)
                .startsFrom(0, Duration.ofMillis(FIRST_MS))
                .clearDisplayOnFinish()
                .build();
    }

    /** In floating point: the library's own estimate divides whole nanoseconds by bytes, which rounds to nothing. */
    private static Optional<Duration> timeLeft(ProgressState state) {
        if (state.getCurrent() <= 0 || state.getMax() < state.getCurrent()) {
            return Optional.empty();
        }
        double perByte = (double) state.getTotalElapsed().toMillis() / state.getCurrent();
        return Optional.of(Duration.ofMillis(Math.round(perByte * (state.getMax() - state.getCurrent()))));
    }

    private void remove() {
        if (bar != null) {
            bar.close();
        }
    }
}
