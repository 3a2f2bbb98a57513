package dev.sage.ray.cluster;

import dev.sage.api.SageException;
import dev.sage.api.spi.OwnerOnly;
import dev.sage.api.spi.RayControl;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.ledger.Resource.Spawned;
import dev.sage.runtime.local.LocalCaretaker;
import dev.sage.runtime.process.ProcessMark;
import dev.sage.runtime.process.ProcessTree;
import dev.sage.runtime.process.SeenProcess;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The cluster that the user brings up and down. No guardian sees to it, for it outlives the program that started it; its
 * record in the state folder is what it is ended by.
 */
public final class UserCluster implements RayControl {
    private static final String LOG = "cluster.log";
    private static final Duration KILL_WITHIN = Duration.ofSeconds(5);

    private final Clock clock;

    /** For a service loader. */
    public UserCluster() {
        this(Clock.systemUTC());
    }

    UserCluster(Clock clock) {
        this.clock = clock;
    }

    /** What one call works with. */
    private record Place(SageSettings all, Path home, Path ray, ClusterSettings settings) {
        static Place of(Map<String, ?> given) {
            SageSettings settings = SageSettings.load(given);
            Path home = LocalCaretaker.home(settings).folder();
            return new Place(settings, home, home.resolve("ray"), ClusterSettings.read(settings.config()));
        }

        Path log() {
            return ray.resolve(LOG);
        }
    }

    @Override
    public Up up(Map<String, ?> given, Wanted wanted, Progress progress) throws InterruptedException {
        Place place = Place.of(given);
        try (FileChannel channel = open(place)) {
            requireAlone(channel);
            Optional<ClusterRecord> found = ClusterRecord.read(place.ray());
            if (found.isPresent() && runs(found.get())) {
                return new Up(told(found.get(), place), true);
            }
            if (found.isPresent()) {
                end(found.get(), place);
            }
            ClusterRecord made = wanted.address().isPresent()
                    ? connect(ClusterAddress.parse(wanted.address().get()), wanted, place, progress)
                    : start(wanted, place, progress);
            return new Up(told(made, place), false);
        } catch (IOException e) {
            throw unusable(place, e);
        }
    }

    private static RayInstallation installation(Wanted wanted, Place place, Progress progress)
            throws InterruptedException {
        Optional<Path> named = wanted.python().or(place.settings()::python);
        return named.isPresent()
                ? RayInstallation.find(named.get())
                : new RayInstaller(
                                place.home(),
                                System.getenv("PATH"),
                                place.settings().installWithin())
                        .installed(progress);
    }

    private ClusterRecord connect(ClusterAddress address, Wanted wanted, Place place, Progress progress)
            throws IOException, InterruptedException {
        RayInstallation installation = installation(wanted, place, progress);
        RayClusters.connect(address, place.settings(), installation).close();
        ClusterRecord connected = new ClusterRecord(
                Optional.of(address), installation, Optional.empty(), Optional.empty(), "", List.of(), clock.instant());
        connected.write(place.ray());
        return connected;
    }

    private ClusterRecord start(Wanted wanted, Place place, Progress progress)
            throws IOException, InterruptedException {
        RayInstallation installation = installation(wanted, place, progress);
        ClusterSpec spec = new ClusterSpec(
                installation,
                wanted.cpus().orElse(place.settings().cpus()),
                wanted.gpus(),
                place.settings().objectStoreBytes(),
                wanted.port());
        spec.requirePort();
        UserGpus gpus = new UserGpus(place.all(), place.home());
        gpus.requireFree(spec.gpus());
        ClusterFolder folder = ClusterFolder.lasting();
        String instance = UUID.randomUUID().toString().replace("-", "");
        ClusterRecord intended = new ClusterRecord(
                Optional.empty(),
                installation,
                Optional.empty(),
                Optional.of(folder.path()),
                new ProcessMark(instance, "", 1, "ray-cluster").text(),
                spec.gpus(),
                clock.instant());
        intended.write(place.ray());
        ClusterRecord spawned = intended;
        boolean ready = false;
        try {
            progress.step("Starting Ray " + installation.version() + ".");
            Process process =
                    spawn(spec, folder, intended.mark(), gpus.environment(spec.gpus(), instance), place.log());
            Spawned first = SeenProcess.read(process.pid())
                    .map(SeenProcess::identity)
                    .orElseThrow(() -> notStarted("It ended at once.", place));
            spawned = intended.withProcess(first);
            spawned.write(place.ray());
            awaitReady(process, place);
            ClusterRecord up = spawned.withAddress(OwnCluster.addressIn(folder.path()));
            up.write(place.ray());
            ready = true;
            return up;
        } finally {
            if (!ready) {
                discard(spawned, place);
            }
        }
    }

    /** Also after an interrupt, which is kept. */
    private static void discard(ClusterRecord begun, Place place) throws IOException, InterruptedException {
        boolean interrupted = Thread.interrupted();
        try {
            end(begun, place);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** In a session of its own, so that neither Ctrl+C nor the end of a terminal reaches it. */
    private static Process spawn(
            ClusterSpec spec, ClusterFolder folder, String mark, Map<String, String> locks, Path log)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(spec.command(folder.path()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(spec.environment(
                        folder.token(),
                        Path.of(System.getProperty("java.home")),
                        Objects.requireNonNullElse(System.getenv("PATH"), "/usr/bin:/bin")));
        builder.environment().putAll(locks);
        builder.environment().put(ProcessMark.VARIABLE, mark);
        return builder.start();
    }

    private static void awaitReady(Process process, Place place) throws IOException, InterruptedException {
        Duration within = place.settings().readyWithin();
        if (!LogLine.await(place.log(), ClusterSpec.READY, process.onExit(), within)) {
            throw notStarted(
                    process.isAlive()
                            ? "It was not ready within sage.ray.cluster.ready-within, which is " + within.toSeconds()
                                    + " s."
                            : "It ended with exit code " + process.exitValue() + ".",
                    place);
        }
    }

    private static SageException notStarted(String why, Place place) {
        return ClusterLook.unavailable(
                "The Ray cluster did not start. " + why + " All that it wrote: " + place.log()
                        + LogLine.last(place.log()),
                null);
    }

    @Override
    public Optional<Cluster> status(Map<String, ?> given) {
        Place place = Place.of(given);
        try {
            return ClusterRecord.read(place.ray()).map(found -> told(found, place));
        } catch (IOException e) {
            throw unusable(place, e);
        }
    }

    @Override
    public Optional<Cluster> down(Map<String, ?> given) throws InterruptedException {
        Place place = Place.of(given);
        if (!Files.exists(place.ray())) {
            return Optional.empty();
        }
        try (FileChannel channel = open(place)) {
            requireAlone(channel);
            Optional<ClusterRecord> found = ClusterRecord.read(place.ray());
            Optional<Cluster> was = found.map(record -> told(record, place));
            if (found.isPresent()) {
                end(found.get(), place);
            }
            return was;
        } catch (IOException e) {
            throw unusable(place, e);
        }
    }

    /** Of one that was started, all that came from it; the record last, for whoever goes on when this is killed. */
    private static void end(ClusterRecord record, Place place) throws IOException, InterruptedException {
        if (record.started()) {
            List<SeenProcess> left = ProcessTree.recorded(record.mark(), record.process())
                    .end(place.settings().stopWithin(), KILL_WITHIN);
            if (!left.isEmpty()) {
                throw new SageException(
                        "process.left",
                        "Of the Ray cluster there is still " + left + ", which did not end within "
                                + KILL_WITHIN.toSeconds() + " s after KILL. Try \"sage ray down\" again.");
            }
            ClusterFolder.recorded(record.folder().orElseThrow()).remove();
        }
        ClusterRecord.remove(place.ray());
    }

    /**
     * The one that is up, as a cluster that is connected to.
     *
     * @throws SageException when it died, or cannot be reached
     */
    static Optional<RayCluster> find(Path home, ClusterSettings settings) throws InterruptedException {
        try {
            Optional<ClusterRecord> found = ClusterRecord.read(home.resolve("ray"));
            if (found.isEmpty()
                    || found.get().address().isEmpty()
                    || (found.get().started() && !found.get().lives())) {
                return Optional.empty();
            }
            ClusterRecord record = found.get();
            Map<String, String> environment = record.folder()
                    .map(folder -> ClusterSpec.driverEnvironment(
                            ClusterFolder.recorded(folder).token()))
                    .orElse(Map.of());
            return Optional.of(ConnectedCluster.connect(
                    record.address().orElseThrow(),
                    record.installation(),
                    environment,
                    settings.answersWithin(),
                    settings.lostAfter()));
        } catch (IOException e) {
            throw ClusterLook.unavailable(
                    "What \"sage ray up\" wrote down in '" + home.resolve("ray") + "' cannot be read: " + e.getMessage()
                            + ".",
                    e);
        }
    }

    private static boolean runs(ClusterRecord record) {
        return record.address()
                .filter(address -> record.started() ? record.lives() : ClusterLook.listens(address))
                .isPresent();
    }

    private static Cluster told(ClusterRecord record, Place place) {
        return new Cluster(
                runs(record),
                record.started(),
                record.address().map(ClusterAddress::toString).orElse(""),
                record.installation().version(),
                record.installation().python(),
                record.process().map(Spawned::pid),
                record.started() ? Optional.of(place.log()) : Optional.empty(),
                record.gpus(),
                record.since());
    }

    private static FileChannel open(Place place) throws IOException {
        if (!Files.exists(place.ray())) {
            Files.createDirectories(place.ray(), OwnerOnly.FOLDER);
        }
        return FileChannel.open(
                place.ray().resolve("cluster.lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                OwnerOnly.FILE);
    }

    /** Until the channel is closed. */
    private static void requireAlone(FileChannel channel) throws IOException {
        if (channel.tryLock() == null) {
            throw new SageException(
                    "ray.busy",
                    "Another \"sage ray up\" or \"sage ray down\" is at work. Try again when it has ended.");
        }
    }

    private static SageException unusable(Place place, @Nullable IOException e) {
        return new SageException(
                "home.unusable",
                "'" + place.ray() + "' cannot be used: " + (e == null ? "" : e.getMessage())
                        + ". Set SAGE_HOME to a folder of your own.",
                e);
    }
}
