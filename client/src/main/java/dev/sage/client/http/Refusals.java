package dev.sage.client.http;

import dev.sage.client.wire.Problem;
import dev.sage.client.wire.Wire;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** What users are told when it did not work. */
final class Refusals {
    private static final int UNAUTHORIZED = 401;

    private Refusals() {}

    /** What a node says, or what can be made of another server's answer. */
    static Problem problem(NodeAddress address, int status, @Nullable String contentType, byte[] body) {
        if (contentType != null && contentType.startsWith(Problem.MEDIA_TYPE)) {
            try {
                return Wire.mapper().readValue(body, Problem.class);
            } catch (IOException malformed) {
                // As any other server's.
            }
        }
        if (status == UNAUTHORIZED) {
            return Problem.of(
                    status,
                    "token.invalid",
                    "Unauthorized",
                    "The node at " + address + " does not know this token.",
                    "Give the token of the file 'token' in the node's state folder, as SAGE_TOKEN or with token(…).");
        }
        return Problem.of(
                status,
                "http." + status,
                "Refused",
                "The server at " + address + " answered with status " + status + ".",
                body.length > 0 || status < 500 ? null : "See the log of the node.");
    }

    static NodeUnreachableException unconnected(NodeAddress address, HttpTimes times, IOException cause) {
        String why = cause instanceof SocketTimeoutException
                ? "no connection within " + times.connect().toMillis() + " ms"
                : String.valueOf(cause.getMessage());
        return new NodeUnreachableException(
                "No node answers at " + address + ": " + why
                        + ". Start one with \"sage jobmanager start\", or check host and port.",
                true,
                cause);
    }

    static NodeUnreachableException noNode(NodeAddress address, String why, @Nullable Throwable cause) {
        return new NodeUnreachableException(
                "What listens at " + address + " is no Sage node: " + why + ". Check host and port.", false, cause);
    }
}
