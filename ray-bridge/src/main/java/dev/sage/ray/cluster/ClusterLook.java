package dev.sage.ray.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sage.api.SageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the GCS of a cluster tells of it.
 *
 * @param version of its Ray
 * @param nodes the addresses of those that are alive
 */
record ClusterLook(String version, List<String> nodes) {
    private static final Duration LISTENS_WITHIN = Duration.ofSeconds(2);
    private static final String SCRIPT = "look_at_cluster.py";
    /** What the script writes before its answer. */
    private static final String ANSWER = "CLUSTER ";

    ClusterLook {
        nodes = List.copyOf(nodes);
    }

    /**
     * Asks by the Python of an installation, which may be of another version than the cluster. Blocks.
     *
     * @param environment for Ray besides that of this JVM
     * @throws SageException with code {@code ray.unavailable} when it does not answer
     */
    static ClusterLook at(
            ClusterAddress address, RayInstallation installation, Map<String, String> environment, Duration within)
            throws InterruptedException {
        requireListener(address, within);
        // Ray has its own, longer patience; Python is given a little more to say why it gave up.
        String patience = String.valueOf(Math.max(1, within.toSeconds()));
        Python.Answer answer = Python.at(installation.python())
                .ask(
                        script(),
                        List.of(address.toString(), patience),
                        within.plus(RayInstallation.ANSWERS_WITHIN),
                        environment);
        Optional<String> told =
                answer.lines().stream().filter(line -> line.startsWith(ANSWER)).findFirst();
        if (told.isEmpty()) {
            throw unavailable(
                    "What listens at " + address + " did not answer as the GCS of a Ray cluster: " + answer.told()
                            + " Name host:port of its GCS, or start one with \"sage ray up\".",
                    null);
        }
        return parse(told.get().substring(ANSWER.length()));
    }

    static ClusterLook parse(String json) {
        try {
            JsonNode answer = new ObjectMapper().readTree(json);
            List<String> nodes = new ArrayList<>();
            answer.path("nodes").forEach(node -> nodes.add(node.asText()));
            return new ClusterLook(answer.path("version").asText(), nodes);
        } catch (IOException e) {
            throw new UncheckedIOException("The answer of a GCS cannot be understood: " + json, e);
        }
    }

    /** Whether somebody takes connections there, which need not be a GCS. */
    static boolean listens(ClusterAddress address) {
        try {
            requireListener(address, LISTENS_WITHIN);
            return true;
        } catch (SageException nobody) {
            return false;
        }
    }

    /** Sooner than Ray, which tries again and again. */
    private static void requireListener(ClusterAddress address, Duration within) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) within.toMillis());
        } catch (IOException | IllegalArgumentException e) {
            throw unavailable(
                    "No Ray cluster can be reached at " + address + ": " + e.getMessage()
                            + ". Start it, name another one with sage.ray.address, or start one here with \"sage ray"
                            + " up\".",
                    e);
        }
    }

    static SageException unavailable(String message, @Nullable Throwable cause) {
        return new SageException("ray.unavailable", message, cause);
    }

    private static String script() {
        try (InputStream script = ClusterLook.class.getResourceAsStream(SCRIPT)) {
            if (script == null) {
                throw new IllegalStateException(SCRIPT + " is not beside " + ClusterLook.class.getName());
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
