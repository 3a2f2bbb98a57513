package dev.sage.client;

import dev.sage.api.SageException;
import dev.sage.client.ship.ClassPath;
import dev.sage.client.ship.ClassPath.Packed;
import dev.sage.client.wire.SageVersion;
import dev.sage.client.wire.ShippedCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends graphs with their code: only the jars that the node does not have, some at once. May be used from any thread; what
 * the node was seen to have is not asked for again.
 */
final class Shipment {
    private final NodeApi api;
    private final RemoteOptions options;
    private final Set<String> there = ConcurrentHashMap.newKeySet();

    Shipment(NodeApi api, RemoteOptions options) {
        this.api = api;
        this.options = options;
    }

    /**
     * Blocks until the node has all that the graph needs.
     *
     * @param graph as {@link dev.sage.client.ship.GraphCodec} has written it
     */
    ShippedCode send(byte[] graph) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (ClassPath path =
                ClassPath.pack(loader, new ClassPath.Limits(options.artifactBytes(), options.totalBytes()))) {
            upload(path.artifacts());
            return new ShippedCode(
                    SageVersion.here(),
                    Runtime.version().feature(),
                    path.artifacts().stream().map(Packed::artifact).toList(),
                    Base64.getEncoder().encodeToString(graph));
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        } catch (IOException e) {
            throw new SageException("code.unreadable", "The class path cannot be read to be sent: " + e, e);
        }
    }

    /** The node misses something that it had: it cleans up what was not used for long. */
    void askAgain() {
        there.clear();
    }

    private void upload(List<Packed> all) throws IOException {
        List<Packed> artifacts = all.stream()
                .filter(packed -> !there.contains(packed.artifact().sha256()))
                .toList();
        if (artifacts.isEmpty()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(options.uploads(), artifacts.size()), task -> {
            Thread thread = new Thread(task, "sage-upload");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> uploads = new ArrayList<>();
            artifacts.forEach(artifact -> uploads.add(threads.submit(() -> uploadMissing(artifact))));
            for (Future<?> upload : uploads) {
                upload.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SageException refused) {
                throw refused;
            }
            throw new IOException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static SageException interrupted(Exception e) {
        return new SageException("client.interrupted", "Interrupted while the class path was sent.", e);
    }

    private void uploadMissing(Packed packed) {
        String path = "/v1/artifacts/" + packed.artifact().sha256();
        if (!api.retried(() -> api.http().exists(path))) {
            api.retried(() -> {
                try (InputStream content = packed.content().open()) {
                    api.http().upload(path, packed.artifact().size(), content);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return true;
            });
        }
        there.add(packed.artifact().sha256());
    }
}
