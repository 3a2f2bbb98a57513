package dev.sage.client;

import dev.sage.api.SageException;
import dev.sage.client.http.EventStream;
import dev.sage.client.http.ServerSentEvent;
import dev.sage.client.wire.OutputLine;
import java.io.PrintStream;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prints what a job at the node prints: lines of {@code print()} as they are, those of programs after their names. */
final class Terminal implements EventStream.Listener {
    /** What the node calls the lines of {@code print()}. */
    static final String PRINT = "print";

    private static final Logger log = LoggerFactory.getLogger(Terminal.class);

    private final PrintStream out;
    private final BooleanSupplier jobHasEnded;

    Terminal(PrintStream out, BooleanSupplier jobHasEnded) {
        this.out = out;
        this.jobHasEnded = jobHasEnded;
    }

    @Override
    public void event(ServerSentEvent event) {
        OutputLine line = Json.read(event.data(), OutputLine.class);
        out.println(line.name().equals(PRINT) ? line.line() : line.name() + ": " + line.line());
    }

    /** The node may have been stopped, or the job's end is on its way. */
    @Override
    public boolean ended() {
        return jobHasEnded.getAsBoolean();
    }

    @Override
    public void failed(SageException failure) {
        log.warn("What the job prints is not shown any more: {}", failure.getMessage());
    }
}
