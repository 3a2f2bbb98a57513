package dev.sage.node.job;

import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import java.util.concurrent.CompletionException;

/** What a failed answer of the registry means. */
final class RegistryFailures {
    private RegistryFailures() {}

    /** Whether the same call can have another answer later. */
    static boolean isPassing(Throwable failed) {
        return !(causeOf(failed) instanceof NodeException refused) || refused.kind() == Kind.UNAVAILABLE;
    }

    static Throwable causeOf(Throwable failed) {
        return failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
    }
}
