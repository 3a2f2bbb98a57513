package dev.sage.cli.remote;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The terminal's other screen, as editors use it: what was on the terminal before is there again afterwards. */
final class Screen implements AutoCloseable {
    private static final String OPEN = "\u001b[?1049h\u001b[?25l";
    private static final String CLOSE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final int USUAL_ROWS = 24;

    private final PrintStream out;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Screen(PrintStream out) {
        this.out = out;
    }

    static Screen open(PrintStream out) {
        Screen screen = new Screen(out);
        Runtime.getRuntime().addShutdownHook(new Thread(screen::restore, "sage-screen"));
        out.print(OPEN);
        return screen;
    }

    /** As many of the lines as there is room for, in one write, so that nothing flickers. */
    synchronized void show(List<String> lines) {
        if (closed.get()) {
            return;
        }
        int rows = rows();
        StringBuilder text = new StringBuilder(HOME);
        for (int i = 0; i < Math.min(lines.size(), rows - 1); i++) {
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
    private static int rows() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Integer.parseInt(size.split(" ")[0].strip());
        } catch (IOException | NumberFormatException unknown) {
            return USUAL_ROWS;
        }
    }
}
