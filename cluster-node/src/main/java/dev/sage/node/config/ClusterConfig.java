package dev.sage.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pekko's settings for a cluster of one. Its port is for this node alone: TLS with a key that only it has, and that both
 * sides must show, so that no other user of the machine gets in.
 */
public final class ClusterConfig {
    private ClusterConfig() {}

    /**
     * The settings, by their keys.
     *
     * @param finishWithin how long running jobs may go on when the node is stopped
     * @param drainWithin how long requests may take then, once all jobs have ended
     */
    public static Map<String, Object> of(ClusterKey key, Duration finishWithin, Duration drainWithin) {
        Map<String, Object> pekko = new LinkedHashMap<>();
        pekko.put("pekko.actor.provider", "cluster");
        pekko.put("pekko.remote.artery.transport", "tls-tcp");
        pekko.put("pekko.remote.artery.canonical.hostname", "127.0.0.1");
        pekko.put("pekko.remote.artery.canonical.port", 0);
        pekko.putAll(tls("pekko.remote.artery.ssl.config-ssl-engine.", key.store(), key.password()));
        // Java's flight recorder starts with the first event that is made for it, and takes its time for that.
        pekko.put("pekko.java-flight-recorder.enabled", "off");
        pekko.put("pekko.cluster.jmx.enabled", "off");
        pekko.put("pekko.cluster.downing-provider-class", "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider");
        // It waits for nobody to come or to take over.
        pekko.put("pekko.cluster.gossip-interval", "100ms");
        pekko.put("pekko.cluster.leader-actions-interval", "100ms");
        pekko.put("pekko.cluster.singleton.hand-over-retry-interval", "100ms");
        pekko.put("pekko.cluster.singleton-proxy.singleton-identification-interval", "100ms");
        pekko.put("pekko.cluster.singleton.min-number-of-hand-over-retries", 15);
        // Jobs get their time before they are ended.
        String phases = "pekko.coordinated-shutdown.phases.";
        pekko.put(phases + "sage-finish-jobs.depends-on", List.of("sage-stop-intake"));
        pekko.put(phases + "sage-finish-jobs.timeout", finishWithin.plusSeconds(5));
        pekko.put(phases + "sage-end-jobs.depends-on", List.of("sage-finish-jobs"));
        pekko.put(phases + "service-unbind.timeout", drainWithin.plusSeconds(5));
        return pekko;
    }

    private static Map<String, Object> tls(String prefix, Path store, String password) {
        return Map.of(
                prefix + "key-store",
                store.toString(),
                prefix + "trust-store",
                store.toString(),
                prefix + "key-store-password",
                password,
                prefix + "key-password",
                password,
                prefix + "trust-store-password",
                password,
                prefix + "protocol",
                "TLSv1.3",
                prefix + "enabled-algorithms",
                List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"),
                prefix + "require-mutual-authentication",
                "on");
    }
}
