package dev.sage.ray.gateway;

import dev.sage.ray.wire.ActorSpec.Lifeline;
import java.io.IOException;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections that actors hold. Ray tells of an actor's death only to whoever calls it, while the end of its connection
 * comes with the end of its process. Each actor has a token of its own; whoever says none of these is hung up on.
 */
final class Lifelines {
    private static final int TOKEN_WITHIN_MILLIS = 5_000;

    private final Map<String, String> actorsByToken = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final Executor threads;
    private final Consumer<String> lost;
    private final ServerSocket server;

    /**
     * @param threads on which each connection blocks
     * @param lost is told the name of an actor whose connection has ended, also when it was restarted since
     */
    Lifelines(Executor threads, Consumer<String> lost) {
        this.threads = threads;
        this.lost = lost;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getByName(System.getProperty("ray.node-ip")), 0), 1_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    Lifeline of(String actor) {
        byte[] bytes = new byte[Lifeline.TOKEN_CHARACTERS / 2];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        actorsByToken.put(token, actor);
        return new Lifeline(server.getInetAddress().getHostAddress(), server.getLocalPort(), token);
    }

    /** Its end is expected. */
    void forget(String actor) {
        actorsByToken.values().remove(actor);
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
        @Nullable String actor = null;
        try (connection) {
            connection.setSoTimeout(TOKEN_WITHIN_MILLIS);
            byte[] token = connection.getInputStream().readNBytes(Lifeline.TOKEN_CHARACTERS);
            actor = actorsByToken.get(new String(token, StandardCharsets.US_ASCII));
            if (actor != null) {
                connection.setSoTimeout(0);
                connection.getInputStream().read();
            }
        } catch (IOException reset) {
            // As good as its end.
        }
        if (actor != null && actorsByToken.containsValue(actor)) {
            lost.accept(actor);
        }
    }
}
