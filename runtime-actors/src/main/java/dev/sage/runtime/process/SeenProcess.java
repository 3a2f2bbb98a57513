package dev.sage.runtime.process;

import dev.sage.runtime.core.ledger.Resource.Spawned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process as {@code /proc} showed it.
 *
 * @param state a letter, as in {@code man proc}; Z for one that has ended and was not waited for
 * @param session the number of the process that began it
 * @param startTicks since the boot; with the number they tell a process from all others
 * @param owner its {@code SAGE_OWNER}; empty without one, and for processes whose environment cannot be read
 */
public record SeenProcess(long pid, long parent, char state, int threads, long session, long startTicks, String owner) {
    private static final Path PROC = Path.of("/proc");
    private static final String VARIABLE = ProcessMark.VARIABLE + "=";

    // Fields of /proc/PID/stat, counted from the one after the name, which may itself contain anything.
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;

    /** Empty when there is none, or no more. */
    public static Optional<SeenProcess> read(long pid) {
        Path folder = PROC.resolve(Long.toString(pid));
        try {
            return Optional.of(parse(pid, text(folder.resolve("stat")), owner(folder)));
        } catch (IOException vanished) {
            return Optional.empty();
        }
    }

    static SeenProcess parse(long pid, String stat, String owner) throws IOException {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        if (fields.length <= START_TICKS) {
            throw new IOException("/proc/" + pid + "/stat cannot be understood: " + stat);
        }
        return new SeenProcess(
                pid,
                Long.parseLong(fields[PARENT]),
                fields[STATE].charAt(0),
                Integer.parseInt(fields[THREADS]),
                Long.parseLong(fields[SESSION]),
                Long.parseLong(fields[START_TICKS]),
                owner);
    }

    /** Whether it runs still; not with another process of the same number. */
    public static boolean runs(Spawned process) {
        return read(process.pid())
                .filter(seen -> seen.is(process) && !seen.hasEnded())
                .isPresent();
    }

    public Spawned identity() {
        return new Spawned(pid, startTicks);
    }

    boolean is(Spawned process) {
        return identity().equals(process);
    }

    /** The first thread of a process may have ended, as a zombie, while others run. */
    boolean hasEnded() {
        return (state == 'Z' || state == 'X') && threads <= 1;
    }

    /** Deleted files count as well. False where that cannot be seen. */
    boolean hasOpenIn(Path folder) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
            for (Path descriptor : open) {
                if (Files.readSymbolicLink(descriptor).startsWith(folder)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException endedOrSomebodyElses) {
            // Whoever ends meanwhile has nothing open.
        }
        return false;
    }

    private static String owner(Path folder) {
        try {
            for (String variable : text(folder.resolve("environ")).split("\0")) {
                if (variable.startsWith(VARIABLE)) {
                    return variable.substring(VARIABLE.length());
                }
            }
        } catch (IOException endedOrSomebodyElses) {
            // Its number and parents are known nevertheless.
        }
        return "";
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "pid " + pid + (state == 'D' ? " (waits in the kernel)" : "");
    }
}
