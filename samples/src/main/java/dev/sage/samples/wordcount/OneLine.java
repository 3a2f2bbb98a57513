package dev.sage.samples.wordcount;

import me.tongfei.progressbar.ProgressBarConsumer;

/** A line of the terminal that is written again and again. The library's own way to do so starts programs to ask for the width. */
final class OneLine implements ProgressBarConsumer {
    private static final String TO_START = "\r";
    private static final String ERASE_TO_END = "\u001b[K";

    private final int columns;

    OneLine(int columns) {
        this.columns = columns;
    }

    /** One column less than there are, as some terminals go to the next line when the last one is written. */
    @Override
    public int getMaxRenderedLength() {
        return columns - 1;
    }

    @Override
    public void accept(String line) {
        String fitting = line.substring(0, Math.min(line.length(), getMaxRenderedLength()));
        System.err.print(TO_START + fitting + ERASE_TO_END);
    }

    @Override
    public void clear() {
        System.err.print(TO_START + ERASE_TO_END);
    }

    @Override
    public void close() {}
}
