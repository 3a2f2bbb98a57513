package dev.sage.runtime.resource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/** Whether a program could listen on a port now: whoever it is that has it, binding it fails. */
final class PortProbe {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final byte[] ANY = new byte[4];
    private static final byte[] ANY_IPV6 = new byte[16];

    private PortProbe() {}

    /** Why it cannot be used; empty when it can. */
    static Optional<String> busy(int port) {
        return failure(StandardProtocolFamily.INET, LOOPBACK, port)
                .or(() -> failure(StandardProtocolFamily.INET, ANY, port))
                // Without IPv6 not even any port can be bound there.
                .or(() -> failure(StandardProtocolFamily.INET6, ANY_IPV6, 0).isPresent()
                        ? Optional.empty()
                        : failure(StandardProtocolFamily.INET6, ANY_IPV6, port));
    }

    /** One that nobody listens on now, as the system chooses it. */
    static int free() throws IOException {
        try (ServerSocketChannel channel = bound(StandardProtocolFamily.INET, ANY, 0)) {
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        }
    }

    private static Optional<String> failure(ProtocolFamily family, byte[] address, int port) {
        try {
            bound(family, address, port).close();
            return Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.of("cannot be bound: " + e.getMessage());
        }
    }

    private static ServerSocketChannel bound(ProtocolFamily family, byte[] address, int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(family);
        try {
            return channel.bind(new InetSocketAddress(InetAddress.getByAddress(address), port));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
