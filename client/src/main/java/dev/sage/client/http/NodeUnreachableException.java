package dev.sage.client.http;

import dev.sage.api.SageException;
import org.jspecify.annotations.Nullable;

/**
 * The node did not answer, or what answered is no node: code {@code node.unreachable}. Whether it has taken the request is
 * not known, unless {@link #isUnsent}.
 */
public final class NodeUnreachableException extends SageException {
    private static final long serialVersionUID = 1;

    private final boolean unsent;

    NodeUnreachableException(String message, boolean unsent, @Nullable Throwable cause) {
        super("node.unreachable", message, cause);
        this.unsent = unsent;
    }

    /** Whether no connection came about, so the node cannot have seen the request. */
    public boolean isUnsent() {
        return unsent;
    }
}
