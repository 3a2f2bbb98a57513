package dev.sage.client.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Where a node answers. */
public record NodeAddress(String host, int port) {
    public static final int DEFAULT_PORT = 19001;
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");

    public NodeAddress {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "The port of a node is from 1 to 65535, not " + port + "; " + DEFAULT_PORT + " by default.");
        }
        base(host, port);
    }

    /**
     * From {@code HOST:PORT} or {@code HOST}; an IPv6 address is in brackets.
     *
     * @throws IllegalArgumentException shows the right form
     */
    public static NodeAddress parse(String text) {
        try {
            URI uri = new URI("http://" + text).parseServerAuthority();
            if (uri.getHost() != null && uri.getPath().isEmpty()) {
                return new NodeAddress(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
            }
        } catch (URISyntaxException malformed) {
            // Told below, with the right form.
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no address of a node; give HOST:PORT, for example 127.0.0.1:" + DEFAULT_PORT + ".");
    }

    /** Whether it is this machine, by its address; names but {@code localhost} are not looked up. */
    public boolean isLoopback() {
        return host.equals("localhost")
                || host.equals("[::1]")
                || host.equals("::1")
                || LOOPBACK.matcher(host).matches();
    }

    /** For example {@code http://127.0.0.1:19001}. */
    public URI base() {
        return base(host, port);
    }

    private static URI base(String host, int port) {
        try {
            return new URI("http", null, host, port, null, null, null);
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException("'" + host + "' is no name or address of a host.", malformed);
        }
    }

    @Override
    public String toString() {
        return base().getAuthority();
    }
}
