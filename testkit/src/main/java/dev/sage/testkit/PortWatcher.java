package dev.sage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sees TCP ports on which this process listens. The kernel's tables list the sockets of all processes; those of this one
 * are known by their inodes, to which its descriptors point.
 */
final class PortWatcher implements Watcher {
    private static final List<Path> TABLES = List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
    private static final String LISTENING = "0A";

    // Columns of the kernel's tables, see proc_net_tcp in its documentation.
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private final Set<String> before = listening().keySet();

    @Override
    public List<String> leaks() {
        return listening().entrySet().stream()
                .filter(socket -> !before.contains(socket.getKey()))
                .map(socket -> "TCP port " + socket.getValue() + ": this process still listens on it")
                .toList();
    }

    /** Ports by the descriptors' names of their sockets. */
    private static Map<String, Integer> listening() {
        Map<String, Integer> ports = new HashMap<>();
        try {
            for (Path table : TABLES) {
                if (Files.isReadable(table)) {
                    Files.readAllLines(table)
                            .forEach(line -> addListening(line.strip().split("\\s+"), ports));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The ports of this process cannot be read.", e);
        }
        if (!ports.isEmpty()) {
            ports.keySet().retainAll(Descriptors.targets());
        }
        return ports;
    }

    private static void addListening(String[] columns, Map<String, Integer> ports) {
        if (columns.length > INODE && columns[STATE].equals(LISTENING)) {
            String address = columns[LOCAL_ADDRESS];
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
            ports.put("socket:[" + columns[INODE] + "]", port);
        }
    }
}
