package dev.sage.ray.cluster;

import dev.sage.api.SageException;
import dev.sage.api.spi.OwnerOnly;
import dev.sage.api.spi.RayControl;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Python environment with the pinned Ray, in the state folder, where it is missing. Made aside and moved, so that
 * nobody sees half of it; by one program at a time, for the others wait.
 */
public final class RayInstaller {
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();
    /** Since 24.1 pip tells its progress as numbers. */
    private static final String PIP = "pip>=24.1";

    private static final Pattern PROGRESS = Pattern.compile("Progress (\\d+) of (\\d+)");
    /** The small ones are not worth a line. */
    private static final Pattern DOWNLOADING = Pattern.compile("\\s*Downloading (\\S+ \\([\\d.]+ MB\\))");

    /** How pip tells each of its attempts; what came of them stands in the lines after. */
    private static final String ATTEMPT = "WARNING: Retrying";

    private static final int LAST_LINES = 5;

    private final Path folder;
    private final String version;
    private final @Nullable String searchPath;
    private final Duration within;

    /**
     * @param home the state folder
     * @param searchPath where {@code python3} is looked for
     */
    public RayInstaller(Path home, @Nullable String searchPath, Duration within) {
        this(home, RayInstallation.PINNED, searchPath, within);
    }

    RayInstaller(Path home, String version, @Nullable String searchPath, Duration within) {
        this.folder = home.resolve("ray");
        this.version = version;
        this.searchPath = searchPath;
        this.within = within;
    }

    private Path environment() {
        return folder.resolve("venv-ray-" + version);
    }

    private static Path interpreter(Path environment) {
        return environment.resolve("bin/python");
    }

    /**
     * Finds it, or makes it, which takes as long as a download of about 90 MB; an interrupt ends that.
     *
     * @throws SageException with code {@code ray.install}: no Python, no {@code venv}, no package index, no time
     */
    public RayInstallation installed(RayControl.Progress progress) throws InterruptedException {
        if (!Files.isExecutable(interpreter(environment()))) {
            ONE_AT_A_TIME.lockInterruptibly();
            try {
                makeAlone(progress);
            } catch (IOException e) {
                throw cannot("'" + folder + "' cannot be written: " + e.getMessage() + ". Set SAGE_HOME.", e);
            } finally {
                ONE_AT_A_TIME.unlock();
            }
        }
        return RayInstallation.find(interpreter(environment()));
    }

    private void makeAlone(RayControl.Progress progress) throws IOException, InterruptedException {
        Path python = Python.onPath(searchPath)
                .orElseThrow(() -> cannot(
                        "there is no python3 on the PATH, which is " + searchPath
                                + ". Install Python 3.10 or newer, or name one that has Ray with --python or"
                                + " sage.ray.python.",
                        null));
        if (!Files.exists(folder)) {
            Files.createDirectories(folder, OwnerOnly.FOLDER);
        }
        Path lockFile = folder.resolve("venv.lock");
        try (FileChannel channel = FileChannel.open(
                lockFile, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OwnerOnly.FILE)) {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                progress.step("Another Sage program installs Ray " + version + "; waiting for it.");
                lock = channel.lock();
            }
            if (!Files.isExecutable(interpreter(environment()))) {
                removeAbandoned();
                make(python, progress);
            }
            lock.release();
        }
    }

    private void make(Path python, RayControl.Progress progress) throws IOException, InterruptedException {
        Path making = Files.createTempDirectory(folder, "making-", OwnerOnly.FOLDER);
        long deadline = System.nanoTime() + within.toNanos();
        try {
            progress.step("Installing Ray " + version + " into " + environment()
                    + ", once; it downloads about 90 MB from the package index of pip.");
            run(List.of(python.toString(), "-m", "venv", making.toString()), progress, deadline)
                    .ifPresent(why -> {
                        throw cannot(
                                python + " cannot make an environment: " + why
                                        + " Maybe the package python3-venv is missing.",
                                null);
                    });
            String pip = interpreter(making).toString();
            pip(List.of(pip, "-m", "pip", "install", "--disable-pip-version-check", "-q", PIP), progress, deadline);
            pip(
                    List.of(
                            pip,
                            "-m",
                            "pip",
                            "install",
                            "--disable-pip-version-check",
                            "--progress-bar=raw",
                            "ray==" + version),
                    progress,
                    deadline);
            Files.move(making, environment(), StandardCopyOption.ATOMIC_MOVE);
            progress.step("Ray " + version + " is installed.");
        } finally {
            Folders.delete(making);
        }
    }

    private void pip(List<String> command, RayControl.Progress progress, long deadline)
            throws IOException, InterruptedException {
        run(command, progress, deadline).ifPresent(why -> {
            throw cannot(
                    "pip could not get it: " + why
                            + " Maybe the package index cannot be reached from here (see PIP_INDEX_URL, HTTPS_PROXY), or"
                            + " has no wheel for this Python. A Python that has Ray can be named with --python or"
                            + " sage.ray.python.",
                    null);
        });
    }

    /** Answers what went wrong. The program ends with this JVM at the latest, by its broken pipe. */
    private Optional<String> run(List<String> command, RayControl.Progress progress, long deadline)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().put("PYTHONUNBUFFERED", "1");
        Process process = builder.start();
        Deque<String> last = new ArrayDeque<>();
        Thread reader = new Thread(() -> read(process, progress, last), "sage-ray-install");
        reader.setDaemon(true);
        reader.start();
        try {
            if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw cannot(
                        "that took longer than sage.ray.install-within, which is " + within.toSeconds()
                                + " s. Try again, or allow more.",
                        null);
            }
            reader.join(TimeUnit.SECONDS.toMillis(1));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        synchronized (last) {
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of("exit code " + process.exitValue() + "; it wrote last:\n  "
                            + String.join("\n  ", last) + "\n");
        }
    }

    private static void read(Process process, RayControl.Progress progress, Deque<String> last) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hear(line, progress, last);
            }
        } catch (IOException ended) {
            // With its process.
        }
    }

    static void hear(String line, RayControl.Progress progress, Deque<String> last) {
        Matcher bytes = PROGRESS.matcher(line);
        Matcher file = DOWNLOADING.matcher(line);
        if (bytes.matches()) {
            progress.downloaded(Long.parseLong(bytes.group(1)), Long.parseLong(bytes.group(2)));
        } else if (file.matches()) {
            progress.step("Downloading " + file.group(1) + ".");
        } else if (!line.isBlank() && !line.startsWith(ATTEMPT)) {
            synchronized (last) {
                last.add(line);
                if (last.size() > LAST_LINES) {
                    last.remove();
                }
            }
        }
    }

    /** Of programs that were killed while they made it; nobody else makes one now. */
    private void removeAbandoned() throws IOException {
        try (DirectoryStream<Path> abandoned = Files.newDirectoryStream(folder, "making-*")) {
            for (Path one : abandoned) {
                Folders.delete(one);
            }
        }
    }

    private SageException cannot(String why, @Nullable Throwable cause) {
        return new SageException("ray.install", "Ray " + version + " cannot be installed: " + why, cause);
    }
}
