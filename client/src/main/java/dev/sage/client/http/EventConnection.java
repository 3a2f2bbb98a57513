package dev.sage.client.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection for streams of events, one after the other. Any thread may close it, which ends a read that is under way. */
final class EventConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventConnection.class);

    private final Socket socket = new Socket();
    private final HttpTimes times;

    /** Not connected yet. */
    EventConnection(HttpTimes times) {
        this.times = times;
    }

    /** @throws IOException when no connection came about in time */
    void connect(NodeAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) times.silence().toMillis());
        socket.connect(new InetSocketAddress(address.host(), address.port()), (int)
                times.connect().toMillis());
    }

    /** Sends a request. What an earlier answer has left is not there any more: it was read to its end. */
    InputStream ask(byte[] request) throws IOException {
        socket.setSoTimeout((int) times.silence().toMillis());
        socket.getOutputStream().write(request);
        return new BufferedInputStream(socket.getInputStream());
    }

    /** From now on a read may take only so long. */
    void hurry(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException broken) {
            log.debug("A socket could not be closed", broken);
        }
    }
}
