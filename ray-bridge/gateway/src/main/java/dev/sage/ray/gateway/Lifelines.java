package dev.sage.ray.gateway;

import dev.sage.ray.wire.ActorSpec.Lifeline;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections that actors hold. Ray tells of an actor's death only to whoever calls it, while the end of its connection
 * comes with the end of its process. Answers that cannot wait for others come over it, too. Each actor has a token of its
 * own; whoever says none of these is hung up on.
 */
final class Lifelines {
    private static final int TOKEN_WITHIN_MILLIS = 5_000;

    private final Map<String, Held> heldByToken = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final Executor threads;
    private final Consumer<String> lost;
    private final int maxAnswerBytes;
    private final ServerSocket server;

    /**
     * @param threads on which each connection blocks
     * @param lost is told the name of an actor whose connection has ended, also when it was restarted since
     */
    Lifelines(Executor threads, int maxAnswerBytes, Consumer<String> lost) {
        this.threads = threads;
        this.maxAnswerBytes = maxAnswerBytes;
        this.lost = lost;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getByName(System.getProperty("ray.node-ip")), 0), 1_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Hears what comes over the connections of an actor. */
    interface Listener {
        /** An answer of a bundle, before that of the bundle itself; with -1 for its index, only that it takes long. */
        void told(long bundle, int index, byte[] answer);

        /** A connection has ended. */
        void lost();
    }

    /** That of one actor, which has several connections when Ray restarts it, or none. */
    static final class Held {
        private final String actor;
        private final Lifeline lifeline;
        private final AtomicInteger connections = new AtomicInteger();
        private volatile @Nullable Listener listener;

        private Held(String actor, Lifeline lifeline) {
            this.actor = actor;
            this.lifeline = lifeline;
        }

        /** What the actor is to be told. */
        Lifeline lifeline() {
            return lifeline;
        }

        /** Nothing is told before the actor is called. */
        void heardBy(Listener hearing) {
            listener = hearing;
        }

        boolean isConnected() {
            return connections.get() > 0;
        }
    }

    Held of(String actor) {
        byte[] bytes = new byte[Lifeline.TOKEN_CHARACTERS / 2];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        Held held =
                new Held(actor, new Lifeline(server.getInetAddress().getHostAddress(), server.getLocalPort(), token));
        heldByToken.put(token, held);
        return held;
    }

    /** Its end is expected. */
    void forget(String actor) {
        heldByToken.values().removeIf(held -> held.actor.equals(actor));
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                threads.execute(() -> hold(connection));
            }
        } catch (IOException e) {
            System.err.println("Deaths of actors are noticed by calls only from now on: " + e);
        }
    }

    private void hold(Socket connection) {
        @Nullable Held held = null;
        try (connection) {
            connection.setSoTimeout(TOKEN_WITHIN_MILLIS);
            byte[] token = connection.getInputStream().readNBytes(Lifeline.TOKEN_CHARACTERS);
            held = heldByToken.get(new String(token, StandardCharsets.US_ASCII));
            if (held != null) {
                connection.setSoTimeout(0);
                held.connections.incrementAndGet();
                hear(held, connection.getInputStream());
            }
        } catch (IOException reset) {
            // As good as its end.
        }
        if (held != null) {
            ended(held);
        }
    }

    private void hear(Held held, InputStream said) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(said));
        while (true) {
            long bundle = in.readLong();
            int index = in.readInt();
            int length = in.readInt();
            if (length < 0 || length > maxAnswerBytes) {
                throw new IOException("an answer of " + length + " bytes");
            }
            byte[] answer = in.readNBytes(length);
            Listener listener = held.listener;
            if (answer.length == length && listener != null) {
                listener.told(bundle, index, answer);
            }
        }
    }

    private void ended(Held held) {
        held.connections.decrementAndGet();
        Listener listener = held.listener;
        if (listener != null) {
            listener.lost();
        }
        if (heldByToken.containsValue(held)) {
            lost.accept(held.actor);
        }
    }
}
