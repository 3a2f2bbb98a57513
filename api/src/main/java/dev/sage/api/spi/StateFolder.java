package dev.sage.api.spi;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The folder in which a user's Sage programs, and this machine's node, keep what outlives them. */
public final class StateFolder {
    private StateFolder() {}

    /**
     * {@code SAGE_HOME}, or else the setting, {@code $XDG_STATE_HOME/sage}, {@code ~/.local/state/sage}. Looks at no disk.
     *
     * @param environment of this JVM
     * @return absolute
     */
    public static Path find(Map<String, String> environment, Optional<Path> setting) {
        return variable(environment, "SAGE_HOME")
                .or(() -> setting)
                // What is not absolute is to be ignored, as that specification says.
                .or(() -> variable(environment, "XDG_STATE_HOME")
                        .filter(Path::isAbsolute)
                        .map(state -> state.resolve("sage")))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state", "sage"))
                .toAbsolutePath()
                .normalize();
    }

    private static Optional<Path> variable(Map<String, String> environment, String name) {
        return Optional.of(environment.getOrDefault(name, "").strip())
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }
}
