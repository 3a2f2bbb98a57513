package dev.sage.ray.gateway;

import java.util.Map;

/**
 * What Sage tells the process that it starts.
 *
 * @param maxFrameBytes of one message
 * @param bundleCalls that go to an actor in one call of Ray, at most
 */
record GatewaySettings(int maxFrameBytes, int bundleCalls) {

    /** In a cluster that encrypts what it sends no calls go together: answers over an actor's own connection are not. */
    static GatewaySettings of(String maxFrameBytes, String bundleCalls, Map<String, String> environment) {
        String encrypted = environment.getOrDefault("RAY_USE_TLS", "0");
        boolean plain = encrypted.isEmpty() || encrypted.equals("0") || encrypted.equalsIgnoreCase("false");
        return new GatewaySettings(Integer.parseInt(maxFrameBytes), plain ? Integer.parseInt(bundleCalls) : 1);
    }
}
