package dev.sage.ray.link;

import dev.sage.ray.wire.Failure.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/**
 * A process that has connected. Sage listens, in a folder that only its user may enter and that is gone when the connection
 * is there, so that nobody else can.
 */
record GatewayStart(GatewayProcess process, GatewaySocket socket) {

    /** Blocks until the process has connected, some 100 ms, at most the start timeout. */
    static GatewayStart begin(GatewayOptions options) {
        try {
            Path folder = Files.createTempDirectory("sage-ray-");
            Path address = folder.resolve("s");
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(address));
                Path python = GatewayCode.pythonFolder(options.folder());
                GatewayProcess process =
                        GatewayProcess.start(GatewayCommand.of(options, address, python), options.environment());
                return new GatewayStart(process, connected(server, process, options));
            } finally {
                Files.deleteIfExists(address);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new RayCallException(Kind.GATEWAY_LOST, "The gateway of Ray could not be started: " + e);
        }
    }

    private static GatewaySocket connected(ServerSocketChannel server, GatewayProcess process, GatewayOptions options)
            throws IOException {
        try (Selector selector = Selector.open()) {
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            CompletionStage<Process> exit = process.process().onExit();
            exit.thenRun(selector::wakeup);
            selector.select(options.startTimeout().toMillis());
            SocketChannel channel = server.accept();
            if (channel == null) {
                process.process().destroyForcibly();
                throw new RayCallException(
                        Kind.GATEWAY_LOST,
                        "The gateway of Ray did not come up as " + options.java() + ": " + process.lastWords());
            }
            return new GatewaySocket(channel, options.maxFrameBytes(), options.maxWaitingBytes());
        }
    }
}
