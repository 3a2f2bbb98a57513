package dev.sage.ray.gateway;

import dev.sage.ray.wire.Frame;
import dev.sage.ray.wire.FrameReader;
import dev.sage.ray.wire.Message;
import io.ray.api.Ray;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The process: {@code GatewayMain SOCKET MAX-FRAME-BYTES BUNDLE-CALLS}, with Ray's settings as system properties. It belongs to whoever
 * listens at the socket, and ends with that connection, whatever it was about to do; then Ray removes its actors.
 */
public final class GatewayMain {
    private static final int LEAVES_WITHIN_SECONDS = 5;

    private GatewayMain() {}

    /** Blocks for as long as Sage wants the gateway. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        GatewaySettings settings = GatewaySettings.of(arguments[1], arguments[2], System.getenv());
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        socket.connect(UnixDomainSocketAddress.of(Path.of(arguments[0])));
        Outlet outlet = new Outlet(socket, settings.maxFrameBytes());
        Requests requests = new Requests(outlet, settings);
        // First of all, so that an end of Sage while the cluster is being joined is noticed.
        Thread reader = new Thread(() -> follow(socket, settings.maxFrameBytes(), requests), "sage-gateway-reader");
        reader.start();
        NativeLibrary.load();
        Ray.init();
        outlet.send(0, new Message.Ready(Ray.getRuntimeContext().getNamespace()));
        reader.join();
    }

    private static void follow(SocketChannel socket, int maxFrameBytes, Requests requests) {
        FrameReader frames = new FrameReader(socket, maxFrameBytes);
        try {
            while (frames.read(frame -> take(frame, requests))) {}
        } catch (IOException | RuntimeException e) {
            System.err.println("The gateway cannot read what Sage says, and ends: " + e);
        }
        // Not exit(): what Ray would do at the end of a JVM may wait for a cluster that is gone.
        Runtime.getRuntime().halt(0);
    }

    private static void take(Frame frame, Requests requests) {
        if (frame.message() instanceof Message.Leave) {
            leave();
        } else if (frame.message() instanceof Message.Request request) {
            requests.take(frame.request(), request);
        }
    }

    private static void leave() {
        Thread leaving = new Thread(Ray::shutdown, "sage-gateway-leaving");
        leaving.setDaemon(true);
        leaving.start();
        try {
            leaving.join(TimeUnit.SECONDS.toMillis(LEAVES_WITHIN_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }
}
