package dev.sage.cli.remote;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is, on the last line of a terminal that other lines are printed on as well: it is taken away for each of them
 * and stands below it again. Of a job that reads files it says how much of them and what time is left, of others the
 * records. May be used from any thread.
 */
final class ProgressLine {
    private static final String AWAY = "\r\u001b[K";
    private static final long MEGABYTE = 1_000_000;
    private static final int UNKNOWN = -1;
    /** Longer than a job: the node tells when there is something to draw. */
    private static final int NEVER_MS = Integer.MAX_VALUE;

    private final PrintStream err;
    private final int columns;
    private @Nullable ProgressBar bar;
    private String drawn = "";
    private boolean over;

    ProgressLine(PrintStream err, int columns) {
        this.err = err;
        this.columns = columns;
    }

    /** Draws what a {@code JobProgress} says; nothing as long as no record has moved. */
    synchronized void show(Json progress) {
        long records = sum(progress, "recordsIn");
        long total = sum(progress, "bytesTotal");
        if (over || (records == 0 && total == 0)) {
            return;
        }
        if (bar == null) {
            bar = newBar(total > 0, total > 0 ? sum(progress, "bytesRead") : records);
        }
        if (total > 0) {
            bar.maxHint(total).stepTo(sum(progress, "bytesRead"));
            bar.setExtraMessage(" " + Amounts.of(records) + " records");
        } else {
            bar.maxHint(UNKNOWN).stepTo(records);
        }
        bar.refresh();
    }

    /** Prints something else, of whole lines. */
    synchronized void print(Runnable lines) {
        if (drawn.isEmpty()) {
            lines.run();
            return;
        }
        err.print(AWAY);
        err.flush();
        lines.run();
        err.print(drawn);
        err.flush();
    }

    /** Takes it away for good. */
    void end() {
        ProgressBar ended;
        synchronized (this) {
            over = true;
            ended = bar;
            bar = null;
        }
        if (ended != null) {
            // Waits for a thread of the library, which draws.
            ended.close();
        }
    }

    private static long sum(Json progress, String what) {
        return progress.items("tasks").stream()
                .mapToLong(task -> task.number(what))
                .sum();
    }

    /** @param before what was done when nobody looked on yet, and says nothing about the speed */
    private ProgressBar newBar(boolean bytes, long before) {
        return new ProgressBarBuilder()
                .setConsumer(new OneLine())
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(bytes ? " MB" : " records", bytes ? MEGABYTE : 1)
                .setEtaFunction(ProgressLine::timeLeft)
                .setUpdateIntervalMillis(NEVER_MS)
                .startsFrom(before, Duration.ZERO)
                .clearDisplayOnFinish()
                .build();
    }

    /** In floating point: the library's own estimate divides whole nanoseconds by bytes, which rounds to nothing. */
    private static Optional<Duration> timeLeft(ProgressState state) {
        long seen = state.getCurrent() - state.getStart();
        if (seen <= 0 || state.getMax() < state.getCurrent()) {
            return Optional.empty();
        }
        double perByte = (double) state.getElapsedAfterStart().toMillis() / seen;
        return Optional.of(Duration.ofMillis(Math.round(perByte * (state.getMax() - state.getCurrent()))));
    }

    /** The library's own way to write a line starts programs to ask for the width. */
    private final class OneLine implements ProgressBarConsumer {
        /** One column less than there are, as some terminals go to the next line when the last one is written. */
        @Override
        public int getMaxRenderedLength() {
            return columns - 1;
        }

        @Override
        public void accept(String line) {
            synchronized (ProgressLine.this) {
                drawn = AWAY + line.substring(0, Math.min(line.length(), getMaxRenderedLength()));
                err.print(drawn);
                err.flush();
            }
        }

        @Override
        public void clear() {
            synchronized (ProgressLine.this) {
                drawn = "";
                err.print(AWAY);
                err.flush();
            }
        }

        @Override
        public void close() {}
    }
}
