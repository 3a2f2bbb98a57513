package dev.sage.ray.cluster;

import dev.sage.api.SageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Python environment with Ray in it.
 *
 * @param python its interpreter, absolute
 * @param version of Ray, for example {@code 2.60.0}
 * @param folder of the package {@code ray}
 */
public record RayInstallation(Path python, String version, Path folder) {
    /** What Sage installs where no other is named: the newest wheel with which its tests pass. */
    public static final String PINNED = "2.60.0";

    static final Duration ANSWERS_WITHIN = Duration.ofSeconds(30);

    /** Imports nothing of Ray, which would take a second. */
    private static final String LOOK = """
            import importlib.metadata, importlib.util, sys
            found = importlib.util.find_spec("ray")
            if found is None or not found.submodule_search_locations:
                sys.exit(3)
            print(importlib.metadata.version("ray"))
            print(found.submodule_search_locations[0])
            """;

    private static final int NO_RAY = 3;

    /**
     * Asks an interpreter for its Ray. Blocks for as long as Python takes to start, 30 s at most.
     *
     * @throws SageException with code {@code ray.python}, when there is no such interpreter, it has no Ray, or one without
     *     the jars that Java programs need
     */
    public static RayInstallation find(Path python) throws InterruptedException {
        Path absolute = python.toAbsolutePath();
        Python.Answer answer = Python.at(absolute).ask(LOOK, List.of(), ANSWERS_WITHIN);
        if (answer.exitCode() == NO_RAY) {
            throw Python.unusable(
                    absolute + " has no Ray. Install it with \"" + absolute + " -m pip install ray==" + PINNED
                            + "\", or name another Python with --python or sage.ray.python.",
                    null);
        }
        List<String> lines = answer.lines();
        if (answer.exitCode() != 0 || lines.size() < 2) {
            throw Python.unusable(absolute + " could not tell of its Ray: " + answer.told(), null);
        }
        RayInstallation found =
                new RayInstallation(absolute, lines.get(lines.size() - 2), Path.of(lines.get(lines.size() - 1)));
        found.jars();
        return found;
    }

    /**
     * What a Java driver needs on its class path, as Ray's own workers have it.
     *
     * @throws SageException with code {@code ray.python} when there are none
     */
    public List<Path> jars() {
        Path jars = folder.resolve("jars");
        try (Stream<Path> files = Files.list(jars)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (IOException missing) {
            throw withoutJars(jars, missing);
        }
        throw withoutJars(jars, null);
    }

    private SageException withoutJars(Path jars, @Nullable IOException why) {
        return Python.unusable(
                "Ray " + version + " of " + python + " has no jars in " + jars
                        + ", and Sage needs those of Ray's Java API. Install the wheel from PyPI: \"" + python
                        + " -m pip install --force-reinstall ray==" + version + "\".",
                why);
    }
}
