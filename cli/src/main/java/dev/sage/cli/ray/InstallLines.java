package dev.sage.cli.ray;

import dev.sage.api.spi.RayControl;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** What an installation does, as lines; on a terminal with a bar for each download. */
final class InstallLines implements RayControl.Progress, AutoCloseable {
    private static final long MEGABYTE = 1_000_000;

    private final PrintStream err;
    private final int columns;
    private @Nullable ProgressBar bar;

    /** @param columns of the terminal; 0 for none */
    InstallLines(PrintStream err, int columns) {
        this.err = err;
        this.columns = columns;
    }

    @Override
    public synchronized void step(String what) {
        close();
        err.println("sage: " + what);
    }

    @Override
    public synchronized void downloaded(long bytes, long total) {
        if (columns == 0 || total < MEGABYTE) {
            return;
        }
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setConsumer(new ConsoleProgressBarConsumer(err, columns - 1))
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUnit(" MB", MEGABYTE)
                    .setInitialMax(total)
                    .clearDisplayOnFinish()
                    .build();
        }
        bar.stepTo(bytes);
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
