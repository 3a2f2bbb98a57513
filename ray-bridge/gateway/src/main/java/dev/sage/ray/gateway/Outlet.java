package dev.sage.ray.gateway;

import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.Frame;
import dev.sage.ray.wire.FrameTooLargeException;
import dev.sage.ray.wire.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** What goes to Sage, from any thread; blocks while Sage does not read. */
final class Outlet {
    private final SocketChannel socket;
    private final int maxFrameBytes;

    Outlet(SocketChannel socket, int maxFrameBytes) {
        this.socket = socket;
        this.maxFrameBytes = maxFrameBytes;
    }

    void send(long request, Message.Answer answer) {
        ByteBuffer[] bytes;
        try {
            bytes = new Frame(request, answer).written(maxFrameBytes);
        } catch (FrameTooLargeException e) {
            send(
                    request,
                    new Message.Failed(Failure.of(
                            Kind.VALUE,
                            "The answer is " + e.getMessage()
                                    + ". Answer in parts, have smaller batches by batch(…) of the pool, or raise"
                                    + " sage.ray.gateway.max-frame-bytes.")));
            return;
        }
        synchronized (this) {
            try {
                while (bytes[bytes.length - 1].hasRemaining()) {
                    socket.write(bytes);
                }
            } catch (IOException gone) {
                // The reader has noticed it, and ends this process.
            }
        }
    }
}
