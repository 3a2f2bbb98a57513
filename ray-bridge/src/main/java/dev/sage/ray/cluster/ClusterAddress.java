package dev.sage.ray.cluster;

import dev.sage.api.SageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the GCS of a cluster, its directory of everything, can be reached. */
public record ClusterAddress(String host, int port) {
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?<host>[^\\s:/]+|\\[[0-9a-fA-F:]+]):(?<port>\\d{1,5})");
    private static final int PORTS = 65_535;

    /**
     * As users write it: {@code host:port}.
     *
     * @throws SageException with code {@code ray.address}, with the form that is right
     */
    public static ClusterAddress parse(String text) {
        if (text.startsWith("ray://")) {
            throw wrong(
                    text,
                    " is for Python's Ray Client, which Java programs cannot use. Name the GCS instead, as host:port"
                            + " without ray://; its usual port is 6379, not 10001");
        }
        Matcher matcher = HOST_AND_PORT.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group("port")) : 0;
        if (port < 1 || port > PORTS) {
            throw wrong(text, " is no address. Name that of its GCS as host:port, for example 127.0.0.1:6379");
        }
        return new ClusterAddress(matcher.group("host"), port);
    }

    private static SageException wrong(String text, String why) {
        return new SageException("ray.address", "The address of the Ray cluster, '" + text + "'," + why + ".");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
