package dev.sage.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import picocli.CommandLine;

/** A {@code sage} in this JVM, with an environment, a terminal and signals of its own. */
public final class CommandRun {
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, Runnable> signals = new ConcurrentHashMap<>();
    private Optional<Integer> columns = Optional.empty();
    private Optional<Integer> errColumns = Optional.empty();
    private Clock clock = Clock.systemUTC();

    /** How the process was told to end, in words. */
    public final List<String> ends = new CopyOnWriteArrayList<>();

    private final Exit exit = new Exit(code -> ends.add("exit " + code), code -> ends.add("halt " + code));

    public CommandRun set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public CommandRun columns(int number) {
        columns = Optional.of(number);
        return this;
    }

    public CommandRun errColumns(int number) {
        errColumns = Optional.of(number);
        return this;
    }

    /** Stops the clock at this instant. */
    public CommandRun at(String instant) {
        clock = Clock.fixed(Instant.parse(instant), ZoneOffset.UTC);
        return this;
    }

    public Context context() {
        return new Context(environment, columns, errColumns, stream(out), stream(err), exit, clock, signals::put);
    }

    /** Answers the exit code. */
    public int sage(String... args) {
        return execute(SageCommand.commandLine(failures(), context(), List.of(args)), args);
    }

    /** A command that was made otherwise than by {@code sage}. */
    public int execute(CommandLine command, String... args) {
        command.setExecutionExceptionHandler(failures());
        command.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        return command.execute(args);
    }

    /** Blocks until the handler is done, as the JVM would run it. */
    public void signal(String name) {
        signals.get(name).run();
    }

    public boolean handles(String name) {
        return signals.containsKey(name);
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private FailureLine failures() {
        return new FailureLine(exit, stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
