package dev.sage.ray.gateway;

import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.Frame;
import dev.sage.ray.wire.FrameTooLargeException;
import dev.sage.ray.wire.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** What goes to Sage, from any thread; blocks while Sage does not read. */
final class Outlet {
    private final SocketChannel socket;
    private final int maxFrameBytes;

    Outlet(SocketChannel socket, int maxFrameBytes) {
        this.socket = socket;
        this.maxFrameBytes = maxFrameBytes;
    }

    void send(long request, Message.Answer answer) {
        send(List.of(new Frame(request, answer)));
    }

    /** In one go, as each time that something is written Sage wakes up. */
    void send(List<Frame> frames) {
        List<ByteBuffer> parts = new ArrayList<>(2 * frames.size());
        for (Frame frame : frames) {
            parts.addAll(List.of(written(frame)));
        }
        ByteBuffer[] bytes = parts.toArray(ByteBuffer[]::new);
        synchronized (this) {
            try {
                for (int sent = 0; sent < bytes.length; sent += bytes[sent].hasRemaining() ? 0 : 1) {
                    if (bytes[sent].hasRemaining()) {
                        socket.write(bytes, sent, bytes.length - sent);
                    }
                }
            } catch (IOException gone) {
                // The reader has noticed it, and ends this process.
            }
        }
    }

    private ByteBuffer[] written(Frame frame) {
        try {
            return frame.written(maxFrameBytes);
        } catch (FrameTooLargeException e) {
            Failure tooLarge = Failure.of(
                    Kind.VALUE,
                    "The answer is " + e.getMessage()
                            + ". Answer in parts, have smaller batches by batch(…) of the pool, or raise"
                            + " sage.ray.gateway.max-frame-bytes.");
            return new Frame(frame.request(), new Message.Failed(tooLarge)).written(maxFrameBytes);
        }
    }
}
