package dev.sage.ray.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Sees that a GCS is gone by a connection to it, on which nothing is said: it ends with the GCS. A GCS that ends a silent
 * connection, or is being restarted, is connected to again; only when nobody listens for a while is it lost.
 */
final class GcsWatch implements AutoCloseable {
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);
    private static final int CONNECT_MILLIS = 2_000;
    /** Then the kernel asks whether the other machine is there. */
    private static final int SILENT_SECONDS = 5;

    private final ClusterAddress address;
    private final Duration lostAfter;
    private final CompletableFuture<String> lost = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Socket connection;

    private GcsWatch(ClusterAddress address, Duration lostAfter) {
        this.address = address;
        this.lostAfter = lostAfter;
    }

    static GcsWatch begin(ClusterAddress address, Duration lostAfter) {
        GcsWatch watch = new GcsWatch(address, lostAfter);
        Thread thread = new Thread(watch::watch, "sage-ray-gcs-" + address);
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    /** Completed with the reason. */
    CompletionStage<String> lost() {
        return lost;
    }

    private void watch() {
        try {
            long lastSeen = System.nanoTime();
            while (closed.getCount() > 0) {
                String trouble = "it ends each connection at once";
                try (Socket socket = connect()) {
                    long since = System.nanoTime();
                    awaitEnd(socket);
                    if (System.nanoTime() - since > BETWEEN_ATTEMPTS.toNanos()) {
                        lastSeen = System.nanoTime();
                    }
                } catch (IOException gone) {
                    trouble = String.valueOf(gone.getMessage());
                }
                if (closed.getCount() > 0 && System.nanoTime() - lastSeen >= lostAfter.toNanos()) {
                    lost.complete("Its GCS has been away for " + lostAfter.toSeconds() + " s: " + trouble);
                    return;
                }
                closed.await(BETWEEN_ATTEMPTS.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        synchronized (this) {
            if (closed.getCount() == 0) {
                throw new IOException("closed");
            }
            connection = socket;
        }
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, SILENT_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, SILENT_SECONDS);
        }
        socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
        return socket;
    }

    /** A GCS greets first, as HTTP/2 does; what it says is of no interest. */
    private static void awaitEnd(Socket socket) throws IOException {
        byte[] greeting = new byte[1_024];
        int read = 0;
        while (read >= 0) {
            read = socket.getInputStream().read(greeting);
        }
    }

    /** Does not wait. */
    @Override
    public synchronized void close() {
        closed.countDown();
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException closedAlready) {
                // That is what was wanted.
            }
        }
    }
}
