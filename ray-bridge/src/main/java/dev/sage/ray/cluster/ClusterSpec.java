package dev.sage.ray.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster of this machine alone, on loopback, and how it is started. Nothing of it is on another network interface, no
 * dashboard, client server or autoscaler runs, and nobody is told of its use.
 *
 * @param cpus that actors can ask for; 0 for those of the machine
 * @param gpus ids, as {@code nvidia-smi} has them; the cluster has as many, and sees no others
 * @param port of its GCS; {@link #ANY_PORT} for one that is free
 */
public record ClusterSpec(RayInstallation installation, int cpus, List<Integer> gpus, long objectStoreBytes, int port) {
    public static final int ANY_PORT = 0;

    static final String LOOPBACK = "127.0.0.1";
    /** What {@code ray start} prints when all of it runs; only then its address is in its folder, not yet at "started". */
    static final String READY = "This command will now block forever";

    /** As {@code python -m}, but for the folder that we are in, which may have anything that is named as a module. */
    private static final String RAY = """
            import fcntl, json, os, sys
            sys.path = [folder for folder in sys.path if folder]
            if "SAGE_GPU_LOCKS" in os.environ:
                # Held by this process alone, for as long as it lives.
                held = []
                note = json.loads(os.environ.pop("SAGE_GPU_NOTE"))
                for path in os.environ.pop("SAGE_GPU_LOCKS").split(":"):
                    lock = open(path, "r+")
                    try:
                        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except OSError:
                        sys.exit(f"{os.path.basename(path)} was taken meanwhile: {lock.read()}")
                    lock.truncate(0)
                    json.dump({**note, "pid": os.getpid()}, lock)
                    lock.flush()
                    held.append(lock)
            from ray.scripts.scripts import main
            sys.argv[0] = "ray"
            sys.exit(main())
            """;

    public ClusterSpec {
        gpus = List.copyOf(gpus);
    }

    /**
     * Sooner than Ray, which tries for a minute.
     *
     * @throws dev.sage.api.SageException with code {@code ray.unavailable} when somebody has the port
     */
    void requirePort() {
        if (port == ANY_PORT) {
            return;
        }
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            free.getLocalPort();
        } catch (IOException taken) {
            throw ClusterLook.unavailable(
                    "The port " + port
                            + ", which the Ray cluster is to have, is taken. See by whom with \"ss -ltnp\", or"
                            + " name another one; 0 stands for any that is free.",
                    taken);
        }
    }

    /** In the foreground, so that its end is the end of the process. */
    List<String> command(Path folder) {
        List<String> command = new ArrayList<>(List.of(
                installation.python().toString(),
                "-u",
                "-c",
                RAY,
                "start",
                "--head",
                "--block",
                "--node-ip-address=" + LOOPBACK,
                "--port=" + port,
                "--num-gpus=" + gpus.size(),
                "--object-store-memory=" + objectStoreBytes,
                "--temp-dir=" + folder,
                "--include-dashboard=false",
                "--disable-usage-stats",
                "--no-monitor",
                // Else these are the same for all clusters of a machine.
                "--dashboard-agent-listen-port=0",
                "--min-worker-port=0",
                "--max-worker-port=0"));
        if (cpus > 0) {
            command.add("--num-cpus=" + cpus);
        }
        return command;
    }

    /**
     * What {@code ray start} must have in its environment, and hands on to all that it starts.
     *
     * @param javaHome whose {@code java} runs Java actors
     */
    Map<String, String> environment(Path token, Path javaHome, String searchPath) {
        Map<String, String> environment = new LinkedHashMap<>(driverEnvironment(token));
        environment.put("PATH", javaHome.resolve("bin") + ":" + searchPath);
        // What actors leave in it when they are killed is gone with the cluster.
        environment.put("TMPDIR", ClusterFolder.temporary(token).toString());
        environment.put("RAY_USAGE_STATS_ENABLED", "0");
        // Without it Ray takes the machine's address for 127.0.0.1, and listens on every interface.
        environment.put("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0");
        if (!gpus.isEmpty()) {
            environment.put(
                    "CUDA_VISIBLE_DEVICES",
                    String.join(",", gpus.stream().map(String::valueOf).toList()));
            environment.put("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        }
        return environment;
    }

    /** Loopback is for all users of the machine, so whoever connects must know the token; Rays before 2.52 do not ask. */
    static Map<String, String> driverEnvironment(Path token) {
        return Map.of("RAY_AUTH_MODE", "token", "RAY_AUTH_TOKEN_PATH", token.toString());
    }
}
