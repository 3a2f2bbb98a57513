package dev.sage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The TCP sockets of this process. The kernel's tables list those of all processes; the own ones are known by their
 * inodes, to which the process's descriptors point. Empty on other systems than Linux.
 */
final class TcpSockets {
    /**
     * One socket.
     *
     * @param inode names it while it is open
     */
    record Socket(String inode, boolean isListening, int localPort, int remotePort) {}

    private static final List<Path> TABLES = List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
    private static final String LISTENING = "0A";

    // Columns of the kernel's tables, see proc_net_tcp in its documentation.
    private static final int LOCAL_ADDRESS = 1;
    private static final int REMOTE_ADDRESS = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private TcpSockets() {}

    static List<Socket> ofThisProcess() {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (Path table : TABLES) {
                if (Files.isReadable(table)) {
                    Files.readAllLines(table).forEach(line -> add(line.strip().split("\\s+"), sockets));
                }
            }
            if (!sockets.isEmpty()) {
                Set<String> own = Descriptors.targets();
                sockets.removeIf(socket -> !own.contains("socket:[" + socket.inode() + "]"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The TCP sockets of this process cannot be read.", e);
        }
        return sockets;
    }

    private static void add(String[] columns, List<Socket> sockets) {
        boolean heading = !columns[0].endsWith(":");
        if (!heading && columns.length > INODE) {
            sockets.add(new Socket(
                    columns[INODE],
                    columns[STATE].equals(LISTENING),
                    port(columns[LOCAL_ADDRESS]),
                    port(columns[REMOTE_ADDRESS])));
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }
}
