package dev.sage.testkit;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sees TCP ports on which this process listens. */
final class PortWatcher implements Watcher {
    private final Set<String> before =
            listening().map(TcpSockets.Socket::inode).collect(Collectors.toUnmodifiableSet());

    @Override
    public List<String> leaks() {
        return listening()
                .filter(socket -> !before.contains(socket.inode()))
                .map(socket -> "TCP port " + socket.localPort() + ": this process still listens on it")
                .toList();
    }

    private static Stream<TcpSockets.Socket> listening() {
        return TcpSockets.ofThisProcess().stream().filter(TcpSockets.Socket::isListening);
    }
}
