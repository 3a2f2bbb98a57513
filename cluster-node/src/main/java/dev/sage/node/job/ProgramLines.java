package dev.sage.node.job;

import dev.sage.api.OutputListener;
import dev.sage.client.wire.OutputLine;
import dev.sage.runtime.feed.Feed;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;

/** Puts the lines of one program into the feed of its job's output. */
final class ProgramLines implements OutputListener {
    private final String program;
    private final Feed<OutputLine> output;
    private final CompletableFuture<Done> end = new CompletableFuture<>();

    ProgramLines(String program, Feed<OutputLine> output) {
        this.program = program;
        this.output = output;
    }

    /** Completed when all lines are there. */
    CompletableFuture<Done> end() {
        return end;
    }

    @Override
    public void line(String line) {
        output.tell(new OutputLine(program, line));
    }

    @Override
    public void missed(long lines) {
        output.tell(new OutputLine(program, "[" + lines + " lines are left out here; the file has them]"));
    }

    @Override
    public void ended() {
        end.complete(Done.getInstance());
    }
}
