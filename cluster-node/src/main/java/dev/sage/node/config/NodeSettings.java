package dev.sage.node.config;

import com.typesafe.config.Config;
import dev.sage.node.job.JobSettings;
import dev.sage.runtime.config.Checked;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * The settings under {@code sage.node} that are about the node as a whole, checked.
 *
 * @param port 0 for any that is free
 */
public record NodeSettings(String host, int port, JobSettings jobs, Duration drainWithin) {
    /** A client needs time for its renewals, of which one may be lost. */
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

    private static final long MOST_GRAPHS_BYTES = 1L << 30;

    /**
     * Reads the settings.
     *
     * @param config all of them, from the root
     * @throws dev.sage.api.SageException with code {@code config.invalid}, naming the key, the value and the bound
     */
    public static NodeSettings of(Config config) {
        Checked node = new Checked(config, "sage.node");
        String host = node.text("host");
        if (host.isBlank()) {
            throw Checked.invalid("sage.node.host is blank; it must be an address of this machine, such as 127.0.0.1.");
        }
        Duration lease = node.duration("lease.time-to-live");
        if (lease.compareTo(SHORTEST_LEASE) < 0) {
            throw Checked.invalid(
                    "sage.node.lease.time-to-live is " + lease + "; it must be at least " + SHORTEST_LEASE + ".");
        }
        Duration finishWithin = config.getDuration("sage.node.stop.finish-within");
        if (finishWithin.isNegative()) {
            throw Checked.invalid("sage.node.stop.finish-within is " + finishWithin + "; it must be 0 or more.");
        }
        if (!config.getBoolean("sage.node.insecure-bind") && !isLoopback(host)) {
            throw Checked.invalid("sage.node.host is " + host + ", which others than this machine can reach, and the"
                    + " node does not speak TLS: tokens and code could be read on the way. Take 127.0.0.1 and a tunnel,"
                    + " or say --insecure-bind (sage.node.insecure-bind = on) for a network that you trust.");
        }
        return new NodeSettings(
                host,
                node.integer("port", 0, 65_535),
                new JobSettings(
                        lease,
                        node.integer("jobs.ended-in-memory", 1, 1_000_000),
                        node.integer("jobs.output-lines", 1, 1_000_000),
                        node.integer("jobs.changes", 1, 1_000_000),
                        node.duration("jobs.progress-interval"),
                        node.bytes("jobs.graph-in-journal", 0, MOST_GRAPHS_BYTES),
                        node.bytes("jobs.graphs-in-journal", 0, MOST_GRAPHS_BYTES),
                        finishWithin),
                node.duration("stop.drain-within"));
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw Checked.invalid(
                    "sage.node.host is " + host + ", which is no address of this machine: " + e.getMessage() + ".");
        }
    }
}
