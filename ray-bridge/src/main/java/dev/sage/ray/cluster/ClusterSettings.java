package dev.sage.ray.cluster;

import com.typesafe.config.Config;
import dev.sage.runtime.config.Checked;
import dev.sage.runtime.config.NumberRanges;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Which Ray is used; the meaning of each setting is told in {@code reference.conf}. */
public record ClusterSettings(
        Optional<ClusterAddress> address,
        boolean autostart,
        Optional<Path> python,
        Duration installWithin,
        int cpus,
        List<Integer> gpus,
        long objectStoreBytes,
        Duration readyWithin,
        Duration stopWithin,
        Duration answersWithin,
        Duration lostAfter) {
    private static final int MAX_GPU = 1_023;
    /** Ray itself takes no less. */
    static final long LEAST_STORE_BYTES = 75L << 20;

    static final long MOST_STORE_BYTES = 1L << 40;

    public ClusterSettings {
        gpus = List.copyOf(gpus);
    }

    /**
     * Those of a whole configuration.
     *
     * @throws dev.sage.api.SageException with code {@code config.invalid}, naming the key, the value and the bound
     */
    public static ClusterSettings read(Config config) {
        Checked ray = new Checked(config, "sage.ray");
        List<Integer> gpus = NumberRanges.parse("sage.ray.cluster.gpus", ray.text("cluster.gpus"), 0, MAX_GPU);
        return new ClusterSettings(
                given(ray.text("address")).map(ClusterAddress::parse),
                config.getBoolean("sage.ray.autostart"),
                given(ray.text("python")).map(Path::of),
                ray.duration("install-within"),
                ray.integer("cluster.cpus", 0, 10_000),
                gpus,
                ray.number("cluster.object-store-bytes", LEAST_STORE_BYTES, MOST_STORE_BYTES),
                ray.duration("cluster.ready-within"),
                ray.duration("cluster.stop-within"),
                ray.duration("answers-within"),
                ray.duration("lost-after"));
    }

    private static Optional<String> given(String value) {
        return value.isBlank() ? Optional.empty() : Optional.of(value.strip());
    }

    ClusterSpec ownCluster(RayInstallation installation) {
        return new ClusterSpec(installation, cpus, gpus, objectStoreBytes, ClusterSpec.ANY_PORT);
    }
}
