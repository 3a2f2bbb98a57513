package dev.sage.cli.remote;

import dev.sage.api.CommandFailedException;
import dev.sage.api.SageException;
import dev.sage.cli.Exit;
import dev.sage.client.wire.Wire;
import java.io.IOException;

/** How a job ended, from its {@code JobResult}. */
record Outcome(Json result) {

    /**
     * As {@code sage run} has it: 0 when the job ended well and left nothing behind, the exit code of a command that failed, 127
     * when a command could not be started, and otherwise 1.
     */
    int exitCode() {
        String state = result.text("state");
        if (state.equals("COMPLETED") || state.equals("STOPPED")) {
            return isClean() ? Exit.OK : Exit.FAILURE;
        }
        Json cause = result.at("failure").at("cause");
        return cause.isPresent() ? ofCause(cause) : Exit.FAILURE;
    }

    /** By data binding, which makes the exception of it again that was thrown; only failed commands pay for that. */
    private static int ofCause(Json cause) {
        try {
            Throwable thrown = Wire.mapper().readValue(cause.toString(), Throwable.class);
            if (thrown instanceof CommandFailedException command) {
                return command.exitCode();
            }
            return thrown instanceof SageException sage && sage.code().equals("process.start")
                    ? Exit.NOT_STARTED
                    : Exit.FAILURE;
        } catch (IOException unknown) {
            return Exit.FAILURE;
        }
    }

    boolean isClean() {
        return result.at("cleanup").items("lines").stream()
                .noneMatch(line -> line.text("outcome").equals("FAILED"));
    }

    /** One line. */
    String words() {
        String failure = result.at("failure").isPresent() ? EventLine.failure(result.at("failure")) : "";
        String reason = failure.isEmpty() ? result.text("reason") : failure;
        return Table.oneLine(
                result.text("state") + (isClean() ? "" : ", not clean") + (reason.isEmpty() ? "" : ": " + reason));
    }
}
