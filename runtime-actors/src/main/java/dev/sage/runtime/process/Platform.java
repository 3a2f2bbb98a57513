package dev.sage.runtime.process;

import dev.sage.api.SageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the machine must have so that processes can be ended for certain. Asked only when the first is to run. */
final class Platform {
    private static final String USUAL_FOLDERS = "/usr/bin:/bin";

    private Platform() {}

    /** The program that begins a session. */
    static Path setsid() {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            throw unsupported("this is no Linux");
        }
        if (!Files.isReadable(Path.of("/proc/self/stat"))) {
            throw unsupported("/proc is not there");
        }
        return find("setsid", System.getenv("PATH"))
                .or(() -> find("setsid", USUAL_FOLDERS))
                .orElseThrow(() -> unsupported("the program setsid, of util-linux, is not on the PATH"));
    }

    /** The PATH of this JVM with what every Linux has. */
    static String searchPath() {
        String own = System.getenv("PATH");
        return own == null || own.isEmpty() ? USUAL_FOLDERS : own + ":" + USUAL_FOLDERS;
    }

    static Optional<Path> find(String program, @Nullable String folders) {
        return Stream.of((folders == null ? USUAL_FOLDERS : folders).split(":"))
                .map(folder -> Path.of(folder.isEmpty() ? "." : folder).resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    static SageException unsupported(String what) {
        return new SageException(
                "process.unsupported",
                "Sage cannot run processes on " + System.getProperty("os.name") + " here: " + what
                        + ". It needs Linux with /proc and setsid, to find and end all that a process started. Run jobs"
                        + " without processes, or on Linux.");
    }
}
