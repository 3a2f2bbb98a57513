package dev.sage.ray.link;

import com.typesafe.config.Config;
import dev.sage.runtime.config.Checked;

/**
 * What may be on the way to a gateway; the meaning of each setting is told in {@code reference.conf}.
 *
 * @param maxFrameBytes of a call or an answer
 * @param maxWaitingRequests that have no answer yet
 * @param maxWaitingBytes of requests that the gateway has not read yet
 * @param batchBytes of one call with many records; what has more is sent in parts
 * @param bundleCalls that wait for the same actor and go to it in one call of Ray, at most
 */
public record GatewayLimits(
        int maxFrameBytes, int maxWaitingRequests, long maxWaitingBytes, int batchBytes, int bundleCalls) {
    private static final int MIB = 1 << 20;
    /** The gateway has several of them in its 1 GiB of memory. */
    private static final int MOST_FRAME_BYTES = 256 * MIB;

    private static final long MOST_WAITING_BYTES = 1L << 36;

    /**
     * Those of a whole configuration.
     *
     * @throws dev.sage.api.SageException with code {@code config.invalid}, naming the key, the value and the bound
     */
    public static GatewayLimits read(Config config) {
        Checked gateway = new Checked(config, "sage.ray.gateway");
        int frame = gateway.integer("max-frame-bytes", MIB, MOST_FRAME_BYTES);
        return new GatewayLimits(
                frame,
                gateway.integer("max-waiting-requests", 1, 1_000_000),
                gateway.number("max-waiting-bytes", frame, MOST_WAITING_BYTES),
                Math.min(frame, gateway.integer("batch-bytes", 1_024, MOST_FRAME_BYTES)),
                gateway.integer("bundle-calls", 1, 1_024));
    }
}
