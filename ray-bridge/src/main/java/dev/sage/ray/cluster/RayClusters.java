package dev.sage.ray.cluster;

import dev.sage.api.SageException;
import dev.sage.runtime.ray.RayHost;
import java.util.Map;
import java.util.Optional;

/** Which cluster is used: the one that the settings name, that of {@code sage ray up}, or one of our own. */
public final class RayClusters {
    private RayClusters() {}

    /**
     * By the settings. Blocks until it was seen to run: some seconds, and minutes where Ray must be downloaded first, which
     * is told on the log.
     *
     * @throws SageException with code {@code ray.unavailable} when none can be reached or started, {@code ray.version} when
     *     cluster and installation differ, {@code ray.python} or {@code ray.install} when there is no installation
     */
    public static RayCluster find(RayHost host, ClusterSettings settings) throws InterruptedException {
        if (settings.address().isPresent()) {
            return connect(settings.address().get(), settings, installation(host, settings));
        }
        Optional<RayCluster> up = UserCluster.find(host.home(), settings);
        if (up.isPresent()) {
            return up.get();
        }
        if (!settings.autostart()) {
            throw ClusterLook.unavailable(
                    "No Ray cluster is up, and sage.ray.autostart is off. Start one with \"sage ray up\", or name one with"
                            + " sage.ray.address.",
                    null);
        }
        return own(host, settings, installation(host, settings));
    }

    private static RayInstallation installation(RayHost host, ClusterSettings settings) throws InterruptedException {
        return settings.python().isPresent()
                ? RayInstallation.find(settings.python().get())
                : new RayInstaller(host.home(), System.getenv("PATH"), settings.installWithin())
                        .installed(new LoggedProgress());
    }

    /**
     * One of our own, of an installation that is there. Blocks until it runs.
     *
     * @throws SageException with code {@code ray.unavailable} when it does not start
     */
    public static RayCluster own(RayHost host, ClusterSettings settings, RayInstallation installation)
            throws InterruptedException {
        return OwnCluster.start(host, settings.ownCluster(installation), settings.readyWithin(), settings.stopWithin());
    }

    /**
     * A given one. Blocks until it was seen to be there.
     *
     * @throws SageException with code {@code ray.unavailable} when it cannot be reached or has no node on this machine,
     *     {@code ray.version} when it is of another version than the installation
     */
    public static RayCluster connect(ClusterAddress address, ClusterSettings settings, RayInstallation installation)
            throws InterruptedException {
        return ConnectedCluster.connect(
                address, installation, Map.of(), settings.answersWithin(), settings.lostAfter());
    }
}
