package dev.sage.ray.link;

import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.Frame;
import dev.sage.ray.wire.FrameReader;
import dev.sage.ray.wire.FrameTooLargeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to the gateway. Who sends writes at once, without blocking; what the gateway does not take is left, within
 * a bound, to the one thread that also reads. Frames are handed over on that thread.
 */
final class GatewaySocket {
    private static final Logger log = LoggerFactory.getLogger(GatewaySocket.class);

    /** Of one write; the system takes so many at least. */
    private static final int MAX_PARTS = 64;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final FrameReader frames;
    private final int maxFrameBytes;
    private final long maxWaitingBytes;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private long unsentBytes;

    /** @param channel that is connected */
    GatewaySocket(SocketChannel channel, int maxFrameBytes, long maxWaitingBytes) throws IOException {
        this.channel = channel;
        this.maxFrameBytes = maxFrameBytes;
        this.maxWaitingBytes = maxWaitingBytes;
        channel.configureBlocking(false);
        selector = Selector.open();
        key = channel.register(selector, SelectionKey.OP_READ);
        frames = new FrameReader(channel, maxFrameBytes);
    }

    /** @throws RayCallException when it is too large, or too much waits already; it is not sent then */
    void send(Frame frame) {
        ByteBuffer[] parts = written(frame);
        long bytes = 0;
        for (ByteBuffer part : parts) {
            bytes += part.remaining();
        }
        synchronized (unsent) {
            if (!unsent.isEmpty() && unsentBytes + bytes > maxWaitingBytes) {
                throw new RayCallException(
                        Kind.FULL,
                        unsentBytes + " bytes wait to be read by the gateway of Ray, at most " + maxWaitingBytes
                                + " may. Send less at once, or raise sage.ray.gateway.max-waiting-bytes.");
            }
            boolean first = unsent.isEmpty();
            unsent.addAll(List.of(parts));
            unsentBytes += bytes;
            if (first) {
                write();
            }
        }
    }

    private ByteBuffer[] written(Frame frame) {
        try {
            return frame.written(maxFrameBytes);
        } catch (FrameTooLargeException e) {
            throw new RayCallException(
                    Kind.VALUE,
                    "The arguments are " + e.getMessage() + ". Send them in parts, or raise"
                            + " sage.ray.gateway.max-frame-bytes.");
        }
    }

    /** As much as the gateway takes now. */
    private void write() {
        try {
            while (!unsent.isEmpty()) {
                ByteBuffer[] parts = unsent.toArray(ByteBuffer[]::new);
                long taken = channel.write(parts, 0, Math.min(parts.length, MAX_PARTS));
                unsentBytes -= taken;
                while (!unsent.isEmpty() && !unsent.peek().hasRemaining()) {
                    unsent.remove();
                }
                if (taken == 0) {
                    break;
                }
            }
            if (key.isValid()) {
                int wanted = unsent.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
                if (key.interestOps() != wanted) {
                    key.interestOps(wanted);
                    selector.wakeup();
                }
            }
        } catch (IOException | RuntimeException broken) {
            // The thread that reads comes to the same conclusion, and tells everybody.
            log.debug("The gateway does not take what is written", broken);
            unsent.clear();
            unsentBytes = 0;
            selector.wakeup();
        }
    }

    /**
     * Reads until the end of the connection, from either side, and gives its reason when it is none of an end. Blocks.
     *
     * @param clock is asked, before each time that nothing is there, after how many milliseconds it wants to be asked again;
     *     0 for never, or until {@link #wakeUp}
     */
    String follow(Consumer<Frame> receiver, LongSupplier clock) {
        try {
            while (true) {
                selector.select(clock.getAsLong());
                selector.selectedKeys().clear();
                if (!channel.isOpen() || !frames.read(receiver)) {
                    return "";
                }
                if (key.isValid() && key.isWritable()) {
                    synchronized (unsent) {
                        write();
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            return e.toString();
        } finally {
            close();
        }
    }

    /** Has who follows ask the clock. */
    void wakeUp() {
        selector.wakeup();
    }

    /** Wakes up who follows. */
    void close() {
        try {
            channel.close();
            selector.close();
        } catch (IOException e) {
            log.debug("The connection to the gateway could not be closed", e);
        }
    }
}
