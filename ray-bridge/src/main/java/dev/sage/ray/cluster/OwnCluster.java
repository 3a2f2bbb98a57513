package dev.sage.ray.cluster;

import dev.sage.api.ProcessService;
import dev.sage.api.SageException;
import dev.sage.api.ServiceContext;
import dev.sage.runtime.process.ManagedProcess;
import dev.sage.runtime.ray.RayHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster that this JVM started, as a program of its own. {@code ray start --block} looks once a second after its parts,
 * and ends when one has ended; so the death of each part is that of the program.
 */
final class OwnCluster implements RayCluster {
    private static final Logger log = LoggerFactory.getLogger(OwnCluster.class);
    private static final String PROGRAM = "ray-cluster";
    /** Where {@code ray start} writes which port it has. */
    private static final String ADDRESS_FILE = "ray_current_cluster";

    private final ClusterSpec spec;
    private final ClusterFolder folder;
    private final ManagedProcess program;
    private final RayHost host;
    private final CompletableFuture<SageException> lost = new CompletableFuture<>();
    private ClusterAddress address = new ClusterAddress(ClusterSpec.LOOPBACK, 0);
    private boolean closed;

    private OwnCluster(ClusterSpec spec, ClusterFolder folder, ManagedProcess program, RayHost host) {
        this.spec = spec;
        this.folder = folder;
        this.program = program;
        this.host = host;
    }

    /**
     * Blocks until it runs; an interrupt ends it.
     *
     * @throws SageException with code {@code ray.unavailable} when it did not start, and with what it wrote
     */
    static OwnCluster start(RayHost host, ClusterSpec spec, Duration readyWithin, Duration stopWithin)
            throws InterruptedException {
        OwnCluster cluster = withGpus(host, spec, readyWithin, stopWithin);
        boolean started = false;
        try {
            cluster.begin();
            started = true;
        } catch (IOException | SageException e) {
            throw new SageException("ray.unavailable", "A Ray cluster of our own did not start. " + e.getMessage(), e);
        } finally {
            if (!started) {
                cluster.discard();
            }
        }
        log.info("{}", cluster.describe());
        return cluster;
    }

    private static OwnCluster withGpus(RayHost host, ClusterSpec spec, Duration readyWithin, Duration stopWithin)
            throws InterruptedException {
        host.takeGpus(PROGRAM, spec.gpus());
        boolean prepared = false;
        try {
            OwnCluster cluster = prepared(host, spec, readyWithin, stopWithin);
            prepared = true;
            return cluster;
        } finally {
            if (!prepared) {
                host.giveGpusBack(PROGRAM);
            }
        }
    }

    private static OwnCluster prepared(RayHost host, ClusterSpec spec, Duration readyWithin, Duration stopWithin)
            throws InterruptedException {
        spec.requirePort();
        try {
            ClusterFolder.sweep();
            ClusterFolder folder = ClusterFolder.ofThisJvm();
            ProcessService program = ProcessService.command(spec.command(folder.path()))
                    .readyOnOutput(ClusterSpec.READY)
                    .readyWithin(readyWithin)
                    .stopWithin(stopWithin);
            Path java = Path.of(System.getProperty("java.home"));
            String searchPath = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/bin:/bin");
            for (Map.Entry<String, String> variable :
                    spec.environment(folder.token(), java, searchPath).entrySet()) {
                program = program.env(variable.getKey(), variable.getValue());
            }
            return new OwnCluster(spec, folder, host.program(PROGRAM, program), host);
        } catch (IOException e) {
            throw new SageException(
                    "ray.unavailable",
                    "A Ray cluster of our own needs a folder in /tmp, which cannot be made: " + e.getMessage() + ".",
                    e);
        }
    }

    private void begin() throws IOException, InterruptedException {
        program.init(new ServiceContext() {
            @Override
            public String name() {
                return PROGRAM;
            }

            @Override
            public String jobId() {
                return "";
            }

            @Override
            public void failed(Throwable cause) {
                String message = String.valueOf(cause.getMessage());
                lost.complete(new SageException(
                        "ray.lost",
                        "The Ray cluster of our own at " + address + " is lost"
                                + DeadPart.in(message).map(part -> ": " + part).orElse(". " + message),
                        cause));
            }
        });
        program.start();
        address = addressIn(folder.path());
    }

    /** Of the cluster that runs with this folder. */
    static ClusterAddress addressIn(Path folder) throws IOException {
        return ClusterAddress.parse(
                Files.readString(folder.resolve(ADDRESS_FILE)).strip());
    }

    private void discard() {
        try {
            close();
        } catch (RuntimeException left) {
            log.warn("What was started of a Ray cluster could not be ended", left);
        }
    }

    @Override
    public ClusterAddress address() {
        return address;
    }

    @Override
    public String nodeIp() {
        return ClusterSpec.LOOPBACK;
    }

    @Override
    public RayInstallation installation() {
        return spec.installation();
    }

    @Override
    public Map<String, String> environment() {
        return ClusterSpec.driverEnvironment(folder.token());
    }

    @Override
    public boolean owned() {
        return true;
    }

    @Override
    public String describe() {
        return "Ray " + spec.installation().version() + " at " + address + ", started and ended by this program, with "
                + (spec.gpus().isEmpty() ? "no GPU" : "the GPUs " + spec.gpus());
    }

    @Override
    public CompletionStage<SageException> lost() {
        return lost.minimalCompletionStage();
    }

    private void end() throws IOException, InterruptedException {
        try {
            try {
                program.stop();
            } finally {
                program.cleanup();
            }
        } finally {
            folder.remove();
            host.giveGpusBack(PROGRAM);
        }
    }

    /** Also after an interrupt, which is kept: nobody else would end it before this JVM does. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            end();
            closed = true;
        } catch (IOException e) {
            throw new UncheckedIOException("What is left of the Ray cluster at " + address + " cannot be removed", e);
        } catch (InterruptedException again) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
