package dev.sage.testkit;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sees TCP connections that this process holds open, whichever side opened them. */
final class ConnectionWatcher implements Watcher {
    private final Set<String> before =
            connections().map(TcpSockets.Socket::inode).collect(Collectors.toUnmodifiableSet());

    @Override
    public List<String> leaks() {
        return connections()
                .filter(socket -> !before.contains(socket.inode()))
                .map(socket -> "TCP connection from port " + socket.localPort() + " to port " + socket.remotePort()
                        + " is still open")
                .toList();
    }

    private static Stream<TcpSockets.Socket> connections() {
        return TcpSockets.ofThisProcess().stream().filter(socket -> !socket.isListening());
    }
}
