package dev.sage.cli;

import dev.sage.client.ProcessSignals;
import dev.sage.client.http.NodeToken;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command runs: what its user has set, and the terminal.
 *
 * @param environment of this process
 * @param columns of the terminal that standard output is; empty when it is none
 * @param errColumns of the terminal that standard error is
 * @param exit ends this process
 * @param clock for the ages that are shown
 * @param signals sees to what this process does on a signal
 */
public record Context(
        Map<String, String> environment,
        Optional<Integer> columns,
        Optional<Integer> errColumns,
        PrintStream out,
        PrintStream err,
        Exit exit,
        Clock clock,
        Signals signals) {
    /** Both are set by {@code bin/sage}; Java itself cannot tell for sure. */
    private static final String WIDTH = "sage.stdout.columns";

    private static final String ERR_WIDTH = "sage.terminal.columns";

    /** Where a command says what it does on a signal, before the default, which ends the process. */
    @FunctionalInterface
    public interface Signals {
        /**
         * Sets what happens on a signal.
         *
         * @param name without SIG, for example INT
         * @param action runs on a new thread for each signal, so that it may wait for the end
         */
        void on(String name, Runnable action);
    }

    static Context ofThisProcess(Exit exit) {
        return new Context(
                System.getenv(),
                Optional.ofNullable(Integer.getInteger(WIDTH)),
                Optional.ofNullable(Integer.getInteger(ERR_WIDTH)),
                System.out,
                System.err,
                exit,
                Clock.systemUTC(),
                ProcessSignals::on);
    }

    /** Blank counts as not set. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** The folder in which a user's Sage programs keep what outlives them; looks at no disk. */
    public Path home() {
        return NodeToken.home(environment);
    }

    /** For words beside a result that a program reads, which has the standard output for itself. */
    public Context withWordsOnErr() {
        return new Context(environment, errColumns, errColumns, err, err, exit, clock, signals);
    }

    /** Whether words may be coloured. */
    public boolean colours() {
        return columns.isPresent()
                && variable("NO_COLOR").isEmpty()
                && !variable("TERM").orElse("dumb").equals("dumb");
    }
}
