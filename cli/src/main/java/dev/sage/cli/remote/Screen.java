package dev.sage.cli.remote;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;

/** The terminal's other screen, as editors use it: what was on the terminal before is there again afterwards. */
final class Screen implements AutoCloseable {
    private static final String OPEN = "\u001b[?1049h\u001b[?25l";
    private static final String CLOSE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final Size USUAL = new Size(24, 80);

    private final PrintStream out;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Of the window, in characters. */
    record Size(int rows, int columns) {}

    private Screen(PrintStream out) {
        this.out = out;
    }

    static Screen open(PrintStream out) {
        Screen screen = new Screen(out);
        Runtime.getRuntime().addShutdownHook(new Thread(screen::restore, "sage-screen"));
        out.print(OPEN);
        return screen;
    }

    /**
     * As many of the lines as there is room for, in one write, so that nothing flickers.
     *
     * @param drawing makes lines of at most so many columns
     */
    synchronized void show(IntFunction<List<String>> drawing) {
        if (closed.get()) {
            return;
        }
        Size size = size();
        List<String> lines = drawing.apply(size.columns());
        StringBuilder text = new StringBuilder(HOME);
        for (int i = 0; i < Math.min(lines.size(), size.rows() - 1); i++) {
            text.append(lines.get(i)).append(CLEAR_LINE).append("\r\n");
        }
        out.print(text.append(CLEAR_BELOW));
        out.flush();
    }

    @Override
    public void close() {
        restore();
    }

    /** May be called again, and from any thread. */
    synchronized void restore() {
        if (closed.compareAndSet(false, true)) {
            out.print(CLOSE);
            out.flush();
        }
    }

    /** Asked each time, as the window can be made larger. */
    private static Size size() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .start();
            String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ");
            return size.length == 2 ? new Size(Integer.parseInt(size[0]), Integer.parseInt(size[1])) : USUAL;
        } catch (IOException | NumberFormatException unknown) {
            return USUAL;
        }
    }
}
