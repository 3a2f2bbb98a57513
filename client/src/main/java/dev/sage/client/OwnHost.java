package dev.sage.client;

import dev.sage.api.SageException;
import dev.sage.client.http.HttpTimes;
import dev.sage.client.http.NodeAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** The address of this machine, as a node has it. */
final class OwnHost {
    private static final String LOOPBACK = "127.0.0.1";

    private OwnHost() {}

    /**
     * That of the own end of a connection to the node; an IPv6 address is in brackets.
     *
     * @throws SageException with code {@code node.unreachable}
     */
    static String seenFrom(NodeAddress node, HttpTimes times) {
        if (node.isLoopback()) {
            return LOOPBACK;
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(node.host(), node.port()), (int)
                    times.connect().toMillis());
            return text(socket.getLocalAddress());
        } catch (IOException e) {
            throw new SageException("node.unreachable", "No node answers at " + node + ": " + e.getMessage(), e);
        }
    }

    static String text(InetAddress own) {
        if (own.isLoopbackAddress()) {
            return LOOPBACK;
        }
        String address = own.getHostAddress();
        return own instanceof Inet6Address ? "[" + address.replaceAll("%.*", "") + "]" : address;
    }
}
