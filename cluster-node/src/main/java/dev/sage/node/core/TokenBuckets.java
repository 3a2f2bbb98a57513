package dev.sage.node.core;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many requests each client may make: a bucket per client holds up to {@code burst} tokens and gains {@code perSecond}
 * in a second; a request takes one. Clients beyond {@code clients} push out the one that was not heard of for the longest
 * time, so that made-up addresses cost no memory. Not thread-safe.
 */
public final class TokenBuckets {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private final Map<String, Bucket> buckets;

    private record Bucket(double tokens, long atNs) {}

    public TokenBuckets(int perSecond, int burst, int clients) {
        this.perSecond = perSecond;
        this.burst = burst;
        buckets = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > clients;
            }
        };
    }

    /** Takes a token: 0 when there was one, else the nanoseconds until there will be one. */
    public long take(String client, long nowNs) {
        Bucket before = buckets.getOrDefault(client, new Bucket(burst, nowNs));
        double tokens = Math.min(burst, before.tokens + (nowNs - before.atNs) * perSecond / NANOS);
        boolean taken = tokens >= 1;
        buckets.put(client, new Bucket(taken ? tokens - 1 : tokens, nowNs));
        return taken ? 0 : (long) Math.ceil((1 - tokens) * NANOS / perSecond);
    }
}
