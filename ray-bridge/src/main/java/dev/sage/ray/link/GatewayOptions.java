package dev.sage.ray.link;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a gateway is started.
 *
 * @param java the program of the JDK, 17 or later
 * @param jars the folder {@code ray/jars} of the Ray installation, of the same version as the cluster
 * @param address of the cluster, {@code 127.0.0.1:6379}
 * @param nodeAddress by which the cluster knows this machine, {@code 127.0.0.1} for one on loopback
 * @param namespace that our actors are in, {@code sage-{installationId}}
 * @param folder for the code of our base actors, that workers of Ray load for as long as actors live; made when missing,
 *     and never cleared by the gateway
 * @param environment besides that of this JVM, as the token of a cluster that asks for one
 * @param codePaths that Java and Python workers find classes and modules in besides what an actor brings
 * @param jvmOptions of the gateway
 * @param workerJvmOptions of Java actors' workers
 * @param startTimeout for the process to be there and in the cluster
 * @param stopTimeout for it to leave the cluster, before it is killed
 * @param maxFrameBytes of a call or an answer
 * @param maxWaitingRequests that have no answer yet; more are refused
 * @param maxWaitingBytes of requests that the gateway has not read yet; more are refused
 * @param bundleCalls that wait for the same actor and go to it in one call of Ray, at most
 */
public record GatewayOptions(
        Path java,
        Path jars,
        String address,
        String nodeAddress,
        String namespace,
        Path folder,
        Map<String, String> environment,
        List<Path> codePaths,
        List<String> jvmOptions,
        List<String> workerJvmOptions,
        Duration startTimeout,
        Duration stopTimeout,
        int maxFrameBytes,
        int maxWaitingRequests,
        long maxWaitingBytes,
        int bundleCalls) {

    private static final int MIB = 1024 * 1024;

    /** With what suits most: frames of 128 MiB, 10 000 requests and 256 MiB that wait, a start within one minute. */
    public static GatewayOptions of(Path jars, String address, String namespace, Path folder) {
        return new GatewayOptions(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                jars,
                address,
                address.substring(0, Math.max(0, address.lastIndexOf(':'))),
                namespace,
                folder,
                Map.of(),
                List.of(),
                List.of("-Xmx1g", "-XX:+ExitOnOutOfMemoryError"),
                List.of(),
                Duration.ofMinutes(1),
                Duration.ofSeconds(6),
                128 * MIB,
                10_000,
                256L * MIB,
                64);
    }

    public GatewayOptions within(GatewayLimits limits) {
        return new GatewayOptions(
                java,
                jars,
                address,
                nodeAddress,
                namespace,
                folder,
                environment,
                codePaths,
                jvmOptions,
                workerJvmOptions,
                startTimeout,
                stopTimeout,
                limits.maxFrameBytes(),
                limits.maxWaitingRequests(),
                limits.maxWaitingBytes(),
                limits.bundleCalls());
    }

    /** In a cluster that knows this machine by this address, with this in its environment. */
    public GatewayOptions at(String node, Map<String, String> variables) {
        return new GatewayOptions(
                java,
                jars,
                address,
                node,
                namespace,
                folder,
                Map.copyOf(variables),
                codePaths,
                jvmOptions,
                workerJvmOptions,
                startTimeout,
                stopTimeout,
                maxFrameBytes,
                maxWaitingRequests,
                maxWaitingBytes,
                bundleCalls);
    }
}
