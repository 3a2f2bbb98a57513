package dev.sage.api.spi;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Ray cluster that a user brings up for all of his Sage programs, until it is brought down; found by {@link
 * java.util.ServiceLoader}. Its methods block.
 */
public interface RayControl {
    /**
     * How a cluster is to be had.
     *
     * @param address of one that somebody else runs; empty for one that is started here
     * @param python an interpreter with Ray of its version; empty for one that Sage makes
     * @param port of one that is started; 0 for any that is free
     * @param gpus ids of those that one which is started has
     */
    record Wanted(
            Optional<String> address, Optional<Path> python, int port, Optional<Integer> cpus, List<Integer> gpus) {
        public Wanted {
            gpus = List.copyOf(gpus);
        }
    }

    /** Hears what an installation does, on the thread that installs. */
    interface Progress {
        /** A new step, as a sentence. */
        void step(String what);

        /** Of the file that is being downloaded. */
        void downloaded(long bytes, long total);
    }

    /**
     * One that is up.
     *
     * @param running whether it is there: its process runs, or it takes connections
     * @param started whether it was started here, and is ended by {@link #down}
     * @param pid of its first process; empty for one that was not started here
     * @param log what it writes; empty as {@code pid}
     */
    record Cluster(
            boolean running,
            boolean started,
            String address,
            String version,
            Path python,
            Optional<Long> pid,
            Optional<Path> log,
            List<Integer> gpus,
            Instant since) {
        public Cluster {
            gpus = List.copyOf(gpus);
        }
    }

    /**
     * Starts one that outlives this program, or connects to one; nothing, when one is up already.
     *
     * @param settings full keys, as for {@link dev.sage.api.LocalEnvironment#create(String, Map)}
     * @return what is up now, and whether it was before
     * @throws dev.sage.api.SageException when there is no Python, Ray cannot be installed, the cluster cannot be started or
     *     reached, or is of another version
     */
    Up up(Map<String, ?> settings, Wanted wanted, Progress progress) throws InterruptedException;

    /** What {@link #up} found or made. */
    record Up(Cluster cluster, boolean before) {}

    /** Empty when none is up; one that died is there, and not running. */
    Optional<Cluster> status(Map<String, ?> settings) throws InterruptedException;

    /**
     * Ends the one that was started here, with all that came from it, or forgets the one that was connected to.
     *
     * @return what was up
     */
    Optional<Cluster> down(Map<String, ?> settings) throws InterruptedException;
}
