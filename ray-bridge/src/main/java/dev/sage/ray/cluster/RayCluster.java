package dev.sage.ray.cluster;

import dev.sage.api.SageException;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A Ray cluster that was seen to run, of the version of an installation on this machine. Thread-safe. */
public interface RayCluster extends AutoCloseable {
    ClusterAddress address();

    /** The address of its node on this machine, which drivers connect to. */
    String nodeIp();

    /** Of the same version. */
    RayInstallation installation();

    /** What a driver must have in its environment besides that of this JVM. */
    Map<String, String> environment();

    /** Whether {@link #close} ends it. */
    boolean owned();

    /** For people: its address, version and GPUs, and whose it is. */
    String describe();

    /** Completed with the cause once it is lost; never by {@link #close}. It must be closed nevertheless. */
    CompletionStage<SageException> lost();

    /**
     * Ends it, if it is our own, and blocks until all its processes and its folder are gone; some seconds at most. Closing
     * twice does nothing.
     *
     * @throws SageException with code {@code process.left} when something of it is left
     */
    @Override
    void close();
}
