package dev.sage.runtime.process;

import java.util.Map;

/** Exit codes for people. */
final class ExitText {
    private static final int SIGNALLED = 128;
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "HUP"),
            Map.entry(2, "INT"),
            Map.entry(3, "QUIT"),
            Map.entry(4, "ILL"),
            Map.entry(6, "ABRT"),
            Map.entry(7, "BUS"),
            Map.entry(8, "FPE"),
            Map.entry(9, "KILL"),
            Map.entry(11, "SEGV"),
            Map.entry(13, "PIPE"),
            Map.entry(14, "ALRM"),
            Map.entry(15, "TERM"));

    private ExitText() {}

    /** For example {@code exit code 1}, or {@code exit code 137, which stands for the signal KILL}. */
    static String of(int exitCode) {
        String signal = SIGNALS.get(exitCode - SIGNALLED);
        return "exit code " + exitCode + (signal == null ? "" : ", which stands for the signal " + signal);
    }
}
