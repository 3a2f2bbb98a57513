package dev.sage.ray.cluster;

import dev.sage.api.SageException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A cluster of somebody else, who ends it. */
final class ConnectedCluster implements RayCluster {
    private final ClusterAddress address;
    private final String nodeIp;
    private final RayInstallation installation;
    private final Map<String, String> environment;
    private final GcsWatch watch;
    private final CompletableFuture<SageException> lost = new CompletableFuture<>();

    private ConnectedCluster(
            ClusterAddress address,
            String nodeIp,
            RayInstallation installation,
            Map<String, String> environment,
            GcsWatch watch) {
        this.address = address;
        this.nodeIp = nodeIp;
        this.installation = installation;
        this.environment = Map.copyOf(environment);
        this.watch = watch;
        watch.lost()
                .thenAccept(why -> lost.complete(new SageException(
                        "ray.lost",
                        "The Ray cluster at " + address + " is lost. " + why + ". See whether it still runs, or name"
                                + " another one with sage.ray.address.")));
    }

    /**
     * Blocks until it was seen to be there, of the same version, and to have a node on this machine.
     *
     * @param environment that drivers need besides that of this JVM
     * @throws SageException with code {@code ray.unavailable} or {@code ray.version}
     */
    static ConnectedCluster connect(
            ClusterAddress address,
            RayInstallation installation,
            Map<String, String> environment,
            Duration answersWithin,
            Duration lostAfter)
            throws InterruptedException {
        ClusterLook look = ClusterLook.at(address, installation, environment, answersWithin);
        requireVersion(address, look.version(), installation);
        String nodeIp = nodeHere(address, look.nodes());
        return new ConnectedCluster(address, nodeIp, installation, environment, GcsWatch.begin(address, lostAfter));
    }

    static void requireVersion(ClusterAddress address, String version, RayInstallation installation) {
        if (!version.equals(installation.version())) {
            throw new SageException(
                    "ray.version",
                    "The Ray cluster at " + address + " is of version " + version + ", and the Ray of "
                            + installation.python() + " is " + installation.version()
                            + ". Both must be the same: name a Python that has ray==" + version
                            + " with --python or sage.ray.python.");
        }
    }

    static String nodeHere(ClusterAddress address, List<String> nodes) {
        return nodes.stream()
                .filter(ConnectedCluster::isHere)
                .findFirst()
                .orElseThrow(() -> ClusterLook.unavailable(
                        "The Ray cluster at " + address + " has no node on this machine, only on " + nodes
                                + ", and a driver needs one. Add this machine with \"ray start --address=" + address
                                + " --num-cpus=0\", or run Sage where the cluster has a node.",
                        null));
    }

    private static boolean isHere(String host) {
        try {
            InetAddress node = InetAddress.getByName(host);
            return node.isLoopbackAddress() || NetworkInterface.getByInetAddress(node) != null;
        } catch (UnknownHostException | SocketException notHere) {
            return false;
        }
    }

    @Override
    public ClusterAddress address() {
        return address;
    }

    @Override
    public String nodeIp() {
        return nodeIp;
    }

    @Override
    public RayInstallation installation() {
        return installation;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public boolean owned() {
        return false;
    }

    @Override
    public String describe() {
        return "Ray " + installation.version() + " at " + address
                + ", which this program has connected to and does not end; its GPUs are its own";
    }

    @Override
    public CompletionStage<SageException> lost() {
        return lost.minimalCompletionStage();
    }

    @Override
    public void close() {
        watch.close();
    }
}
