package dev.sage.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sage.api.SageException;
import dev.sage.cli.CommandFailure;
import dev.sage.cli.Exit;
import dev.sage.client.http.EventStream;
import dev.sage.client.http.HttpTimes;
import dev.sage.client.http.NodeAddress;
import dev.sage.client.http.NodeHttp;
import dev.sage.client.http.NodeProblemException;
import dev.sage.client.http.NodeUnreachableException;
import dev.sage.client.http.ServerSentEvent;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node over HTTP. */
public final class HttpNode implements NodeApi {
    private static final int UNAUTHORIZED = 401;

    private final NodeHttp http;

    /**
     * Asks nothing yet.
     *
     * @param token empty for none
     */
    public HttpNode(NodeAddress address, String token) {
        this.http = new NodeHttp(address, Optional.of(token).filter(given -> !given.isEmpty()), HttpTimes.DEFAULT);
    }

    @Override
    public String get(String path) {
        return asking(() -> http.getText(path));
    }

    @Override
    public String post(String path, Map<String, ?> body, Map<String, String> headers) {
        @Nullable Object json = body.isEmpty() ? null : body;
        return asking(() -> headers.isEmpty()
                ? http.postText(path, json)
                : http.post(path, json, JsonNode.class, headers).toString());
    }

    @Override
    public String put(String path) {
        return asking(() -> http.put(path, null, JsonNode.class).toString());
    }

    @Override
    public String delete(String path) {
        return asking(() -> http.deleteText(path));
    }

    @Override
    public void follow(String path, Listener listener) {
        Following following = new Following(listener);
        EventStream stream = http.events(path, 0, "sage-events", following);
        try {
            following.enough.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof SageException failure ? failed(failure) : e;
        } finally {
            stream.close();
        }
    }

    /** Brings what is heard on the stream's thread to an end on the caller's. */
    private static final class Following implements EventStream.Listener {
        private final Listener listener;
        private final CompletableFuture<Void> enough = new CompletableFuture<>();

        Following(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void event(ServerSentEvent event) {
            try {
                if (!enough.isDone() && !listener.event(event.type(), event.data())) {
                    enough.complete(null);
                }
            } catch (RuntimeException broken) {
                enough.completeExceptionally(broken);
            }
        }

        @Override
        public void broken(SageException trouble) {
            listener.broken(String.valueOf(trouble.getMessage()));
        }

        @Override
        public boolean ended() {
            try {
                if (!listener.isEnd()) {
                    return false;
                }
                enough.complete(null);
            } catch (RuntimeException broken) {
                enough.completeExceptionally(broken);
            }
            return true;
        }

        @Override
        public void failed(SageException failure) {
            enough.completeExceptionally(failure);
        }
    }

    private static <T> T asking(Supplier<T> request) {
        try {
            return request.get();
        } catch (SageException failure) {
            throw failed(failure);
        }
    }

    private static CommandFailure failed(SageException failure) {
        return failure instanceof CommandFailure known
                ? known
                : new CommandFailure(
                        failure instanceof NodeUnreachableException ? Exit.NO_NODE : Exit.FAILURE,
                        failure.code(),
                        failure instanceof NodeProblemException refused && refused.status() == UNAUTHORIZED
                                ? "The node does not take this token. Give its own with SAGE_TOKEN; where it runs, 'sage"
                                        + " token show --reveal' prints it."
                                : String.valueOf(failure.getMessage()),
                        failure);
    }
}
