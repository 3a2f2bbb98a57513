package dev.sage.benchmarks;

import com.typesafe.config.Config;
import dev.sage.api.ProcessService;
import dev.sage.api.spi.RayControl;
import dev.sage.ray.cluster.ClusterSettings;
import dev.sage.ray.cluster.RayCluster;
import dev.sage.ray.cluster.RayClusters;
import dev.sage.ray.cluster.UserCluster;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.process.ManagedProcess;
import dev.sage.runtime.ray.RayHost;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A Ray for one benchmark, as {@code sage ray up} starts it, in a home of its own. */
final class BenchmarkCluster implements AutoCloseable {
    private final UserCluster control = new UserCluster();
    private final Map<String, Object> settings;
    private final RayCluster found;
    private final Thread atExit = new Thread(this::down);

    /**
     * Ends with this JVM, if not before. Blocks until it runs.
     *
     * @param cpus that its actors can ask for
     */
    BenchmarkCluster(Path home, Path python, int cpus) throws InterruptedException {
        settings = Map.of(
                "sage.home",
                home.toString(),
                "sage.ray.cluster.object-store-bytes",
                100_000_000,
                "sage.ray.cluster.ready-within",
                "120s");
        Runtime.getRuntime().addShutdownHook(atExit);
        control.up(
                settings,
                new RayControl.Wanted(Optional.empty(), Optional.of(python), 0, Optional.of(cpus), List.of()),
                new Silent());
        Config config = SageSettings.load(settings).config();
        found = RayClusters.find(new Finder(config, home), ClusterSettings.read(config));
    }

    /** Of environments that are to use it. */
    Map<String, Object> settings() {
        return settings;
    }

    RayCluster cluster() {
        return found;
    }

    @Override
    public void close() {
        found.close();
        down();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    /** The second time, there is nothing any more. */
    private synchronized void down() {
        try {
            control.down(settings);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Silent implements RayControl.Progress {
        @Override
        public void step(String what) {}

        @Override
        public void downloaded(long bytes, long total) {}
    }

    /** Whoever only looks for a cluster starts no programs. */
    private record Finder(Config config, Path home) implements RayHost {
        @Override
        public String instance() {
            return "";
        }

        @Override
        public ManagedProcess program(String name, ProcessService description) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public void takeGpus(String program, List<Integer> ids) {
            throw new UnsupportedOperationException(program);
        }

        @Override
        public Optional<Set<String>> heldActors() {
            return Optional.empty();
        }

        @Override
        public void giveGpusBack(String program) {}
    }
}
