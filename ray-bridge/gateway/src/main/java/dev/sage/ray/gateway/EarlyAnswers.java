package dev.sage.ray.gateway;

import dev.sage.ray.wire.Bundle;
import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** In an actor: its lifeline, as the way of those answers that do not wait for the others of their bundle. Thread-safe. */
final class EarlyAnswers {
    private final @Nullable Socket lifeline;
    private boolean broken;

    /** @param lifeline null when there is no connection */
    EarlyAnswers(@Nullable Socket lifeline) {
        this.lifeline = lifeline;
    }

    /** False when it is to go with the others, as all after the connection broke. Blocks while the gateway does not read. */
    synchronized boolean tell(long bundle, int index, byte[] answer) {
        if (lifeline == null || broken) {
            return false;
        }
        try {
            lifeline.getOutputStream().write(Bundle.early(bundle, index, answer));
            return true;
        } catch (IOException gone) {
            broken = true;
            return false;
        }
    }
}
