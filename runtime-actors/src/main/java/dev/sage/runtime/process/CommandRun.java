package dev.sage.runtime.process;

import dev.sage.api.CommandFailedException;
import dev.sage.api.ProcessService;
import java.io.IOException;

/** A program that is run to its end, with all that came from it; the work of a job that is a command. */
public final class CommandRun {
    private final Processes processes;
    private final ProcessService description;
    private final ProcessGrant grant;
    private final ProcessLedger ledger;
    private final ProcessOutput output;

    CommandRun(Processes processes, ProcessService description, ProcessGrant grant, ProcessLedger ledger) {
        this.processes = processes;
        this.description = description;
        this.grant = grant;
        this.ledger = ledger;
        this.output = processes.output(grant);
    }

    /** For tests. */
    ProcessOutput output() {
        return output;
    }

    /**
     * Spawns it and blocks until it has ended and nothing of it is left; what it leaves running is ended with it. An
     * interrupt ends it with TERM, the time to stop, and KILL; a second one with KILL at once.
     *
     * @throws CommandFailedException when its exit code is not 0
     * @throws dev.sage.api.SageException when it cannot be started, or something of it could not be ended
     * @throws InterruptedException when it was ended because of an interrupt
     */
    public void run() throws IOException, InterruptedException {
        LiveProcess live = processes.spawn(description, grant, ledger, output);
        int code;
        try {
            try {
                code = live.awaitExit();
            } finally {
                live.end(description.stopWithin().orElse(processes.settings().stopWithin()));
            }
        } finally {
            live.release();
        }
        if (code != 0) {
            throw new CommandFailedException(
                    live.described() + " ended with " + ExitText.of(code) + "." + output.forError(),
                    code,
                    output.lastLines());
        }
    }
}
